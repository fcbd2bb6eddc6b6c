"""Small files that the tests of reading make, with synthetic texts."""

from __future__ import annotations


def pdf_of(*pages: str) -> bytes:
    """Return a PDF file with one line of text per page, written by the rules of the format."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               "<< /Type /Pages /Count {} /Kids [{}] >>".format(
                   len(pages), " ".join(f"{4 + 2 * k} 0 R" for k in range(len(pages)))),
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for k, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * k}"
                       " 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for k, one in enumerate(objects):
        places.append(len(out))
        out += f"{k + 1} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size "
            f"{len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n").encode()
