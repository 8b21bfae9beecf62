"""Writes an invented notice as the kinds of file officials have: txt, md, docx, html, xlsx, pdf, scan."""

import re
from pathlib import Path

FONT = Path(__file__).parents[3] / "ui" / "fonts" / "NotoSansSC.otf"
_LIST = [re.compile(r"^[一二三四五六七八九十]+、"), re.compile(r"^（[一二三四五六七八九十]+）")]


def blocks(text):
    """Paragraphs (str) and tables (list of rows) of a notice written in forms.yaml."""
    table = []
    for line in [*text.strip().split("\n"), ""]:
        if line.startswith("|"):
            table.append([c.strip() for c in line.strip("|").split("|")])
            continue
        if table:
            yield table
            table = []
        if line:
            yield line


def write(text, kind, folder):
    """The notice as a file of a kind; gives its path."""
    name = {"scan": "scan.pdf", "numbered": "numbered.docx"}.get(kind, f"notice.{kind}")
    path = folder / name
    WRITERS[kind](list(blocks(text)), path)
    return path


def _txt(parts, path):
    path.write_text("\n".join(re.sub("^#+ ", "", p) for p in parts), encoding="gb18030")


def _md(parts, path):
    lines = []
    for part in parts:
        if isinstance(part, str):
            lines += [f"# {part}", ""]
            continue
        lines += ["| " + " | ".join(r) + " |" for r in part]
        lines.insert(len(lines) - len(part) + 1, "|" + "---|" * len(part[0]))
    path.write_text("\n".join(lines), encoding="utf-8")


def _docx(parts, path):
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    for part in parts:
        if isinstance(part, list):
            _word_table(document, part)
        elif part.startswith("#"):
            marks, words = part.split(" ", 1)
            document.add_heading(words, len(marks))
        else:
            document.add_paragraph(part)
    document.save(path)


def _word_table(document, rows):
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            if words == "~":
                table.cell(r - 1, c).merge(table.cell(r, c))
            elif c and r == 0 and words == row[c - 1]:
                table.cell(r, c - 1).merge(table.cell(r, c))
            else:
                table.cell(r, c).text = words.replace("<br>", "\n")


def _numbered(parts, path):
    """A Word file whose numbers are list numbering and not text."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="{t}"/></w:lvl>'
        for n, t in enumerate(("%1、", "（%2）"))
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for part in parts:
        depth = next((n for n, number in enumerate(_LIST) if number.match(part)), None)
        paragraph = document.add_paragraph(part if depth is None else _LIST[depth].sub("", part))
        if depth is not None:
            properties = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(properties))
    document.save(path)


def _html(parts, path):
    body = "".join(f"<p>　　{p}</p>\n" if isinstance(p, str) else _html_table(p) for p in parts)
    path.write_text(
        f"""<!doctype html><html><head><meta charset="gbk"><title>{parts[0]} - 某市人民政府网</title>
<script>var share = "牵头单位：分享按钮";</script></head><body>
<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/ld">市领导</a></div>
<div class="main"><div class="share">分享到：微信</div><div id="zoom">{body}</div></div>
<div style="display:none">责任单位：隐藏的局</div><div class="footer">主办：某市人民政府办公室</div></body></html>""",
        encoding="gb18030",
    )


def _html_table(rows):
    out = []
    for r, row in enumerate(rows):
        cells = ""
        for c, words in enumerate(row):
            if words == "~" or (r == 0 and c and words == row[c - 1]):
                continue
            down = next((n for n in range(1, len(rows) - r) if rows[r + n][c] != "~"), len(rows) - r)
            right = 2 if r == 0 and c + 1 < len(row) and row[c + 1] == words else 1
            cells += f'<td rowspan="{down}" colspan="{right}"><p>{words}</p></td>'
        out.append(f"<tr>{cells}</tr>")
    return f"<table><tbody>{''.join(out)}</tbody></table>"


def _xlsx(parts, path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for part in parts:
        if isinstance(part, str):
            sheet.append([part])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=4)
            continue
        first = sheet.max_row + 1
        for row in part:
            sheet.append([None if w == "~" else w.replace("<br>", "\n") for w in row])
        for c in range(len(part[0])):
            for r in range(len(part)):
                if part[r][c] == "~" and (r == 0 or part[r - 1][c] != "~"):
                    end = next((n for n in range(r, len(part)) if part[n][c] != "~"), len(part)) - 1
                    sheet.merge_cells(
                        start_row=first + r - 1, end_row=first + end, start_column=c + 1, end_column=c + 1
                    )
    book.save(path)


def paper(heading):
    """A PDF with a first page; every page carries the heading and its number. The font is `song`."""
    from fpdf import FPDF

    class Printed(FPDF):
        def header(self):
            self.set_font("song", size=9)
            self.cell(0, 8, heading, align="C", new_x="LMARGIN", new_y="NEXT")

        def footer(self):
            self.set_y(-15)
            self.set_font("song", size=9)
            self.cell(0, 8, f"— {self.page_no()} —", align="C")

    pdf = Printed()
    pdf.add_font("song", fname=FONT)
    pdf.add_page()
    return pdf


def _pdf(parts, path):
    pdf = paper("市政府公报")
    for part in parts:
        pdf.set_font("song", size=14 if isinstance(part, str) else 11)
        if isinstance(part, str):
            pdf.multi_cell(0, 10, part, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
        else:
            _pdf_table(pdf, part)
    pdf.output(str(path))


def _pdf_table(pdf, rows):
    from fpdf import FontFace
    from fpdf.enums import TableSpan, WrapMode

    heads = 2 if "~" in rows[1] and rows[1][0] == "~" else 1
    with pdf.table(wrapmode=WrapMode.CHAR, headings_style=FontFace(emphasis=""), num_heading_rows=heads) as table:
        for r, row in enumerate(rows):
            line = table.row()
            for c, words in enumerate(row):
                same = r == 0 and c and words == row[c - 1]
                line.cell(TableSpan.ROW if words == "~" else TableSpan.COL if same else words)


def _scan(parts, path):
    """Pictures of the printed pages, a little grey."""
    import pdfplumber

    _pdf(parts, path)
    with pdfplumber.open(path) as pdf:
        pages = [p.to_image(resolution=150).original.convert("L").point(lambda v: 30 + v * 0.85) for p in pdf.pages]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=150)


WRITERS = {
    "txt": _txt, "md": _md, "docx": _docx, "numbered": _numbered, "html": _html, "xlsx": _xlsx, "pdf": _pdf, "scan": _scan,
}  # fmt: skip
