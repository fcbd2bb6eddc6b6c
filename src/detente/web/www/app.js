// The page's own behaviour: sliders, boxes, the editor's marks, and text that survives a reload.
"use strict";
(() => {
  const TYPING = 250, LONGEST = 1000, LARGEST = 1000001;  // letters; the app refuses a text so large
  const later = {};
  const debounce = (key, wait, work) => {
    clearTimeout(later[key]);
    later[key] = setTimeout(work, wait);
  };
  const send = (name, value) => window.Shiny.setInputValue(name, value, { priority: "event" });
  const within = (selector) => Array.from(document.querySelectorAll(selector));

  // Sliders: their values go to the app as one object; those at the centre are left out.
  const value = (slider) => {
    const at = Number(slider.value);
    return slider.dataset.scale === "log" ? Math.exp(at) : at;
  };
  const moved = (slider) => {
    const step = Number(slider.step) / 2, centre = Number(slider.dataset.centre);
    const at = slider.dataset.scale === "log" ? Math.log(centre) : centre;
    return Math.abs(Number(slider.value) - at) > step;
  };
  const show = (slider) => {
    const row = slider.closest(".quantity"), away = moved(slider);
    row.querySelector("output").textContent =
      String(Number((away ? value(slider) : Number(slider.dataset.centre)).toPrecision(3)));
    row.classList.toggle("moved", away);
    row.querySelector(".back").hidden = !away;
  };
  const tell = () => {
    const found = {};
    for (const slider of within("input.slider")) {
      if (moved(slider)) found[slider.dataset.path] = Number(value(slider).toPrecision(6));
    }
    send("moved", found);
  };
  // The first move is sent at once, and the newest one when the answer to the one before is here.
  const sliding = { waits: false, again: false };
  const slid = () => {
    if (sliding.waits) {
      sliding.again = true;
      return;
    }
    sliding.waits = true;
    tell();
    debounce("answer", LONGEST, answered);
  };
  const answered = () => {
    clearTimeout(later.answer);
    sliding.waits = false;
    if (sliding.again) {
      sliding.again = false;
      slid();
    }
  };
  const centre = (slider) => {
    const at = Number(slider.dataset.centre);
    slider.value = slider.dataset.scale === "log" ? Math.log(at) : at;
    show(slider);
  };

  // The editor: its text while it is typed, and the lines with errors.
  let marks = [];
  const mark = () => {
    document.querySelector("#text textarea:not([aria-label])")?.setAttribute("aria-label", "The crisis file");
    for (const line of within("#text .pce-line")) {
      const wrong = marks.find((m) => String(m.line) === line.dataset.line);
      line.classList.toggle("wrong", Boolean(wrong));
      if (wrong) line.title = wrong.words; else line.removeAttribute("title");
    }
  };
  const go = (number) => {
    const tab = document.querySelector('#side [data-value="text"]');
    if (tab && !tab.classList.contains("active")) tab.click();
    const area = document.querySelector("#text textarea");
    if (!area) return;
    const start = area.value.split("\n").slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start);
    document.querySelector(`#text .pce-line[data-line="${number}"]`)?.scrollIntoView({ block: "center" });
  };

  const typed = (area) => {
    clearTimeout(later.typed);
    later.typed = 0;
    if (!connected()) keep(area.value);
    else send("typed", area.value.slice(0, LARGEST));
  };
  // The browser keeps text that is not saved, with the file's hash on which it is based.
  const connected = () => Boolean(window.Shiny.shinyapp?.isConnected());
  let kept = null;
  const keep = (text) => {
    if (!kept) return;
    try {
      if (text === null) localStorage.removeItem(kept.key);
      else localStorage.setItem(kept.key, JSON.stringify({ text, of: kept.of }));
    } catch { /* the browser keeps nothing */ }
  };
  const lost = () => {
    const area = document.querySelector("#text textarea");
    if (later.typed && area) typed(area);
    if (document.querySelector(".lost")) return;
    const told = document.createElement("p");
    told.className = "problem lost";
    told.setAttribute("role", "alert");
    told.textContent = "The app has ended, or has lost this window. Reload the page; if it asks for a "
      + "key, open the address that the app prints when it is started again."
      + (kept ? " This browser keeps text that was not saved." : "");
    document.body.prepend(told);
  };

  document.addEventListener("input", (event) => {
    const at = event.target;
    if (at.matches?.("input.slider")) {
      show(at);
      slid();
    } else if (at.closest?.(".complete")) {
      offer(at, at.closest(".complete"));
    } else if (at.closest?.("#text") && at.matches("textarea")) {
      debounce("typed", TYPING, () => typed(at));
    }
  });
  // Completion: the names that continue the last word are offered as buttons below a box.
  const offer = (box, area) => {
    const names = document.getElementById(area.dataset.names);
    let list = area.querySelector(".offers");
    if (!list) {
      list = document.createElement("div");
      list.className = "offers";
      list.setAttribute("role", "group");
      list.setAttribute("aria-label", "Names that fit");
      area.append(list);
    }
    const word = box.value.slice(0, box.selectionStart).match(/[A-Za-z_][\w. -]*$/)?.[0] ?? "";
    const found = word.length < 2 || !names ? [] : Array.from(names.options, (o) => o.value)
      .filter((n) => n.toLowerCase().includes(word.toLowerCase()) && n !== word).slice(0, 8);
    list.replaceChildren(...found.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => {
        const at = box.selectionStart;
        box.value = box.value.slice(0, at - word.length) + name + box.value.slice(at);
        const end = at - word.length + name.length;
        box.focus();
        box.setSelectionRange(end, end);
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
      return button;
    }));
  };

  document.addEventListener("change", (event) => {
    const at = event.target;
    if (at.matches?.("input.written")) send("written", { path: at.dataset.path, value: at.value });
  });
  document.addEventListener("click", (event) => {
    const at = event.target;
    const wrong = at.id === "save" && document.querySelector("input.written[aria-invalid]");
    if (wrong) {
      event.preventDefault();
      event.stopImmediatePropagation();
      wrong.focus();
      return;
    }
    const area = document.querySelector("#text textarea");
    if (at.id === "save" && later.typed && area) typed(area);  // what was typed last is saved, too
    if (at.matches?.("button.back")) {
      const slider = at.closest(".quantity").querySelector("input.slider");
      centre(slider);
      slider.focus();
      tell();
    } else if (at.matches?.("button.goto")) {
      go(Number(at.dataset.line));
    } else if (at.matches?.("button.act")) {
      send(at.dataset.kind, at.dataset.name);
    } else if (at.matches?.("button[data-input]")) {
      const beside = at.dataset.beside && document.getElementById(at.dataset.beside);
      send(at.dataset.input, beside ? { value: at.dataset.value, beside: beside.value } : at.dataset.value);
    } else if (at.matches?.("input.link")) {
      at.select();
    }
  }, true);

  const begin = () => {
    let first = true;
    window.Shiny.addCustomMessageHandler("marks", (found) => { marks = found.lines; mark(); });
    window.Shiny.addCustomMessageHandler("address", (now) => {
      history.replaceState(null, "", now.query);
    });
    window.Shiny.addCustomMessageHandler("open", (now) => {
      // The text is in a file now, so the browser need not keep it for the shipped case.
      keep(null);
      location.assign(`./${now.query}`);
    });
    window.Shiny.addCustomMessageHandler("refuse", (now) => {
      for (const box of within("input.written[aria-invalid]")) {
        if (!now.path || box.dataset.path === now.path) {
          box.removeAttribute("aria-invalid");
          box.closest(".quantity").querySelector(".wrong-here")?.remove();
        }
      }
      const box = now.path && document.querySelector(`input.written[data-path="${CSS.escape(now.path)}"]`);
      if (!box) return;
      box.setAttribute("aria-invalid", "true");
      const told = document.createElement("p");
      told.className = "wrong-here";
      told.setAttribute("role", "alert");
      told.textContent = now.words;
      box.closest(".quantity").append(told);
    });
    window.Shiny.addCustomMessageHandler("centre", (_none) => { within("input.slider").forEach(centre); });
    window.Shiny.addCustomMessageHandler("keep", (now) => {
      kept = now;
      let before = null;
      try { before = JSON.parse(localStorage.getItem(now.key)); } catch { /* nothing is kept */ }
      if (now.text !== null || !first) keep(now.text);
      else if (typeof before?.text === "string") send("restored", before);
      first = false;
    });
    window.jQuery(document).on("shiny:disconnected", lost);
    // The page sends the text itself, and a message that is too large would end the window.
    window.jQuery(document).on("shiny:inputchanged", (event) => {
      if (event.name === "text") event.preventDefault();
    });
    const live = document.getElementById("live");
    if (live) new MutationObserver(answered).observe(live, { childList: true });
    new MutationObserver(mark)
      .observe(document.body, { childList: true, subtree: true });
  };
  const wait = () => (window.Shiny?.addCustomMessageHandler ? begin() : setTimeout(wait, 20));
  wait();
})();
