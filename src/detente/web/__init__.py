"""The app: a crisis in the browser.

`server` starts it; `guard` lets in only the person who started it; `site` makes the pages; a tab of
the case page is one file of `tabs`; what takes long runs in processes of its own (`jobs`), which
call the functions of `work`.
"""
