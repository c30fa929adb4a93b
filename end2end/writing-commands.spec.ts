// The Markdown commands of the writing surface, as functions from text to text: no page, no browser.
import { expect, test } from "@playwright/test";
import { type Edit, type Writing, edited, insertBlock } from "../public/writing/edit.js";
import { codeBlock, languageAt, withoutFence } from "../public/writing/fences.js";
import { code, emphasis, link, linked, strong } from "../public/writing/inline.js";
import { bulletedList, endBlock, heading, numberedList, quote } from "../public/writing/lines.js";
import { otherCell, table } from "../public/writing/table.js";

type Command = (writing: Writing) => Edit | undefined;

/** What is selected stands between ⟨ and ⟩; where nothing is, ‸ is the cursor. */
function read(shown: string): Writing {
  const cursor = shown.indexOf("‸");
  if (cursor >= 0) return { text: shown.replace("‸", ""), from: cursor, to: cursor };
  const [from, to] = [shown.indexOf("⟨"), shown.indexOf("⟩") - 1];
  return { text: shown.replace(/[⟨⟩]/g, ""), from, to };
}

function show({ text, from, to }: Writing): string {
  if (from === to) return `${text.slice(0, from)}‸${text.slice(from)}`;
  return `${text.slice(0, from)}⟨${text.slice(from, to)}⟩${text.slice(to)}`;
}

function after(writing: Writing, edit: Edit | undefined): Writing {
  if (!edit) return writing;
  return { text: edited(writing.text, edit), from: edit.select[0], to: edit.select[1] };
}

const run = (command: Command, shown: string) => show(after(read(shown), command(read(shown))));

/** The command makes the second of the first, and the first of the second again. */
function goesBothWays(command: Command, plain: string, made: string) {
  expect(run(command, plain)).toBe(made);
  expect(run(command, made)).toBe(plain);
}

test("strong words get their marks, and lose them again", () => {
  goesBothWays(strong, "one ⟨two⟩ three", "one **⟨two⟩** three");
  goesBothWays(strong, "one t‸wo three", "one **t‸wo** three");
  goesBothWays(strong, "‸", "**‸**");
  goesBothWays(strong, "after one ‸", "after one **‸**");
  expect(run(strong, "one ⟨**two**⟩ three")).toBe("one ⟨two⟩ three");
  expect(run(strong, "one **tw⟨o thr⟩ee** four"), "a part of them").toBe("one tw⟨o thr⟩ee four");
  expect(run(strong, "__t‸wo__")).toBe("t‸wo");
  expect(run(strong, "**two\nlin‸es**"), "over a line's end").toBe("two\nlin‸es");
});

test("spaces at the ends of a selection stay outside of the marks", () => {
  expect(run(strong, "one⟨ two ⟩three")).toBe("one⟨ **two** ⟩three");
  expect(run(emphasis, "one⟨ ⟩two")).toBe("one⟨ ⟩two");
});

test("at the end of strong words the next one is written behind the marks", () => {
  expect(run(strong, "**two‸**")).toBe("**two**‸");
  expect(run(emphasis, "*two‸* three")).toBe("*two*‸ three");
  expect(run(code, "`two‸`")).toBe("`two`‸");
});

test("strong and emphasised are told apart where both are", () => {
  goesBothWays(emphasis, "**⟨two⟩**", "***⟨two⟩***");
  expect(run(strong, "***⟨two⟩***")).toBe("*⟨two⟩*");
  expect(run(emphasis, "**one *t‸wo* three**")).toBe("**one t‸wo three**");
  expect(run(strong, "**one *t‸wo* three**")).toBe("one *t‸wo* three");
  goesBothWays(emphasis, "one ⟨two⟩", "one *⟨two⟩*");
});

test("what is strong inside of what becomes strong gives its marks up", () => {
  expect(run(strong, "⟨one **two** three⟩")).toBe("**⟨one two three⟩**");
});

test("each selected line gets marks of its own, behind what makes it an item, a quotation or a heading", () => {
  goesBothWays(
    strong,
    "⟨- one\n- [ ] two\n\n1. three\n> four\n## five⟩",
    "⟨- **one**\n- [ ] **two**\n\n1. **three**\n> **four**\n## **five⟩**",
  );
});

test("marks in code, and those after a backslash, are none", () => {
  expect(run(strong, "`**` t‸wo `**`")).toBe("`**` **t‸wo** `**`");
  expect(run(strong, "\\*\\*t‸wo\\*\\*")).toBe("\\*\\***t‸wo**\\*\\*");
  expect(run(emphasis, "snake_c‸ase_name"), "underscores in a word").toBe("*snake_c‸ase_name*");
  expect(run(emphasis, "* an i‸tem\n* another"), "marks of a list").toBe("* an *i‸tem*\n* another");
});

test("code gets as many ticks as it needs, and loses them again", () => {
  goesBothWays(code, "run ⟨ls⟩ now", "run `⟨ls⟩` now");
  goesBothWays(code, "a ⟨`⟩ here", "a `` ⟨`⟩ `` here");
  expect(run(code, "a ⟨x`y⟩ here")).toBe("a ``⟨x`y⟩`` here");
  expect(run(code, "run ‸")).toBe("run `‸`");
});

test("whole lines become a block of code, and lines again", () => {
  goesBothWays(code, "text\n\n⟨let a;\nlet b;⟩\n\ntext", "text\n\n```\n⟨let a;\nlet b;⟩\n```\n\ntext");
  expect(run(code, "⟨let a;⟩")).toBe("```\n⟨let a;⟩\n```");
  expect(run(code, "⟨let a;⟩ // more")).toBe("`⟨let a;⟩` // more");
});

test("a block of code has a language, whose place is kept when it changes", () => {
  const rust = (writing: Writing) => codeBlock(writing, "rust");
  expect(run(rust, "⟨let a;⟩")).toBe("```rust\n⟨let a;⟩\n```");
  expect(run(rust, "text\n‸\nmore")).toBe("text\n\n```rust\n‸\n```\n\nmore");
  expect(run(rust, "```c,ignore hidden\nint ‸a;\n```")).toBe("```rust hidden\nint ‸a;\n```");
  expect(run((writing) => codeBlock(writing, "a `b\n"), "‸")).toBe("```ab\n‸\n```");
  expect(languageAt(read("```rust,ignore\nlet ‸a;\n```"))).toBe("rust,ignore");
  expect(languageAt(read("~~~\nlet ‸a;\n~~~"))).toBe("");
  expect(languageAt(read("```\nlet a;\n```\n‸"))).toBeUndefined();
  expect(languageAt(read("```\nlet a;\n‸ for ever")), "one without an end").toBe("");
});

test("a block of code is fenced by more ticks than stand in it", () => {
  const nested = "⟨Look:\n```\ncode\n```⟩";
  expect(run(codeBlock, nested)).toBe("````\n⟨Look:\n```\ncode\n```⟩\n````");
  expect(run(withoutFence, "````\n⟨Look:\n```\ncode\n```⟩\n````")).toBe(nested);
});

test("a heading goes through its levels and is text again", () => {
  expect(run(heading, "na‸me")).toBe("## na‸me");
  expect(run(heading, "## na‸me")).toBe("### na‸me");
  expect(run(heading, "### na‸me")).toBe("#### na‸me");
  expect(run(heading, "#### na‸me")).toBe("na‸me");
  expect(run(heading, "# na‸me"), "the page has the first one").toBe("## na‸me");
  expect(run(heading, "##### na‸me")).toBe("na‸me");
  expect(run(heading, "‸")).toBe("## ‸");
  expect(run(heading, "⟨one\n\ntwo⟩")).toBe("⟨## one\n\n## two⟩");
});

test("lists are made of lines, of each other, and unmade", () => {
  goesBothWays(bulletedList, "⟨one\ntwo⟩", "⟨- one\n- two⟩");
  goesBothWays(numberedList, "⟨one\ntwo⟩", "⟨1. one\n2. two⟩");
  expect(run(numberedList, "⟨- one\n- two⟩")).toBe("⟨1. one\n2. two⟩");
  expect(run(bulletedList, "⟨1. one\n2) two⟩")).toBe("⟨- one\n- two⟩");
});

test("a list in a list stays one whatever the width of its marks", () => {
  expect(run(numberedList, "⟨- one\n  - deep\n  - deeper\n- two⟩")).toBe("⟨1. one\n   1. deep\n   2. deeper\n2. two⟩");
  expect(run(bulletedList, "⟨1. one\n   1. deep\n2. two⟩")).toBe("⟨- one\n  - deep\n- two⟩");
});

test("a numbered list goes on counting below an item", () => {
  expect(run(numberedList, "7. seven\n⟨eight\nnine⟩")).toBe("7. seven\n⟨8. eight\n9. nine⟩");
});

test("lists keep the boxes of tasks, quotations and blank lines", () => {
  expect(run(numberedList, "⟨- [x] done\n\n- [ ] open⟩")).toBe("⟨1. [x] done\n\n2. [ ] open⟩");
  expect(run(bulletedList, "> ‸one")).toBe("> - ‸one");
  expect(run(bulletedList, "‸")).toBe("- ‸");
  expect(run(bulletedList, "- ‸")).toBe("‸");
});

test("a line that a selection only ends before is left alone", () => {
  expect(run(bulletedList, "⟨one\n⟩two")).toBe("⟨- one\n⟩two");
});

test("quotations are whole, blank lines included, and unmade", () => {
  goesBothWays(quote, "⟨one\n\ntwo⟩", "⟨> one\n>\n> two⟩");
  goesBothWays(quote, "‸", "> ‸");
  expect(run(quote, "> > d‸eep")).toBe("> d‸eep");
  expect(run(quote, "⟨> one\ntwo⟩"), "half of one becomes all of one").toBe("⟨> > one\n> two⟩");
});

test("a list and a quotation end at an empty line, so that what follows is none of them", () => {
  expect(run(endBlock, "- one\n- ‸")).toBe("- one\n\n‸");
  expect(run(endBlock, "1. one\n2. [ ] ‸\ntext")).toBe("1. one\n\n‸\ntext");
  expect(run(endBlock, "> one\n> ‸")).toBe("> one\n\n‸");
  expect(run(endBlock, "one\n\n- ‸")).toBe("one\n\n‸");
  for (const other of ["- one‸", "- one\n  - ‸", "text‸", "```\n- ‸\n```", "⟨- ⟩", "‸- "]) expect(endBlock(read(other)), other).toBeUndefined();
});

test("a link waits for its address, and becomes its words again", () => {
  expect(run(link, "see ⟨this⟩ now")).toBe("see [this](⟨https://⟩) now");
  expect(run(link, "see ‸")).toBe("see [‸](https://)");
  expect(run(link, "see th‸is")).toBe("see [this](⟨https://⟩)");
  expect(run(link, "⟨https://example.org/⟩")).toBe("[‸](https://example.org/)");
  expect(run(link, "see [th‸is](https://example.org/ \"Title\") now")).toBe("see ⟨this⟩ now");
  expect(run(link, "see [this](htt‸ps://en.example.org/a_(b)) now")).toBe("see ⟨this⟩ now");
  expect(run(link, "![pic‸ture](a.png)"), "a picture is no link").toBe("![[picture](⟨https://⟩)](a.png)");
  expect(run(link, "⟨over\nlines⟩")).toBe("[over\nlines](⟨https://⟩)");
  for (const more of ["", "- item", "> quoted", "## heading"]) {
    expect(run(link, `⟨one\n${more}\ntwo⟩`), "no link goes over blocks").toBe(`[one](⟨https://⟩)\n${more}\ntwo`);
  }
  expect(run(link, "⟨a ] b⟩")).toBe("[a \\] b](⟨https://⟩)");
});

test("an address pasted over words makes a link of them, and over anything else takes its place", () => {
  const paste = (address: string) => (writing: Writing) => linked(writing, address);
  expect(run(paste(" https://example.org/a\n"), "see ⟨this ⟩now")).toBe("see [this](https://example.org/a)‸ now");
  expect(run(paste("https://example.org/a_(b)"), "⟨this⟩")).toBe("[this](https://example.org/a_(b))‸");
  expect(run(paste("https://example.org/a)b"), "⟨this⟩")).toBe("[this](<https://example.org/a)b>)‸");
  for (const kept of ["see ‸this", "⟨https://old.example/⟩", "`co⟨de⟩`", "```\n⟨code⟩\n```", "[a](⟨https://⟩)", "⟨a [b](c) d⟩", "⟨one\n\ntwo⟩", "- ⟨one\n- two⟩"]) {
    expect(linked(read(kept), "https://example.org/"), kept).toBeUndefined();
  }
  for (const text of ["example.org", "javascript:alert(1)", "https://example.org/ and more", ""]) {
    expect(linked(read("⟨this⟩"), text), text).toBeUndefined();
  }
});

test("a block goes between blank lines of its own", () => {
  const put = (writing: Writing) => insertBlock(writing, "BLOCK");
  expect(run(put, "‸")).toBe("BLOCK‸");
  expect(run(put, "one‸\ntwo")).toBe("one\n\nBLOCK‸\n\ntwo");
  expect(run(put, "one\n\n‸\n\ntwo")).toBe("one\n\nBLOCK‸\n\ntwo");
  expect(run(put, "one\n‸\ntwo")).toBe("one\n\nBLOCK‸\n\ntwo");
  expect(run(put, "o‸ne")).toBe("one\n\nBLOCK‸");
});

test("a table is written evenly, its first heading selected", () => {
  expect(run((writing) => table(writing, 2, 2), "text‸")).toBe(
    ["text", "", "| ⟨Heading 1⟩ | Heading 2 |", "| --------- | --------- |", "|           |           |", "|           |           |"].join("\n"),
  );
  const most = after(read("‸"), table(read("‸"), 1e9, Number.NaN)).text.split("\n");
  expect([most.length, most[0]]).toEqual([52, "| Heading 1 |"]);
});

test("in a table one goes from cell to cell, and behind the last into a new row", () => {
  const next: Command = (writing) => otherCell(writing, 1);
  const back: Command = (writing) => otherCell(writing, -1);
  let shown = run(next, "| a‸ | b |\n|:-|-:|\n| long one | x |");
  expect(shown).toBe("| a        | ⟨b⟩   |\n| :------- | --: |\n| long one | x   |");
  shown = run(next, shown);
  expect(shown).toBe("| a        | b   |\n| :------- | --: |\n| ⟨long one⟩ | x   |");
  expect(run(back, shown)).toBe("| a        | ⟨b⟩   |\n| :------- | --: |\n| long one | x   |");
  shown = run(next, run(next, shown));
  expect(shown).toBe("| a        | b   |\n| :------- | --: |\n| long one | x   |\n| ‸         |     |");
  expect(run(back, "| ‸a | b |\n|---|---|")).toBe("| ⟨a⟩   | b   |\n| --- | --- |");
  expect(run(next, "| a \\| b‸ | c |\n|---|---|"), "a bar after a backslash is text").toBe("| a \\| b | ⟨c⟩   |\n| ------ | --- |");
  for (const none of ["no t‸able", "a | b‸\nc | d"]) expect(next(read(none)), none).toBeUndefined();
});

test("no command throws, and none makes of a selection what is no part of the text", () => {
  const sources = ["", "\n", "\n\n", "a", "**", "****", "* *", "``", "```", "> ", "- ", "1. ", "| a |\n|---|", "[a](b)", "[](", "a\n\nb\n", "\\*", "é𝄞 x", "- a\n  b\n\n> c\n```\nd"];
  const commands: Command[] = [strong, emphasis, code, link, heading, bulletedList, numberedList, quote, endBlock, codeBlock, withoutFence, (writing) => table(writing, 2, 2), (writing) => otherCell(writing, 1), (writing) => otherCell(writing, -1), (writing) => linked(writing, "https://example.org/")];
  const unsound: string[] = [];
  for (const text of sources) {
    for (let from = 0; from <= text.length; from += 1) {
      for (let to = from; to <= text.length; to += 1) {
        for (const command of commands) {
          const edit = command({ text, from, to });
          if (!edit) continue;
          const length = edited(text, edit).length;
          const [start, end] = edit.select;
          const sound =
            0 <= edit.from && edit.from <= edit.to && edit.to <= text.length && 0 <= start && start <= end && end <= length;
          if (!sound) unsound.push(`${command.name} of ${JSON.stringify({ text, from, to })}: ${JSON.stringify(edit)}`);
        }
      }
    }
  }
  expect(unsound).toEqual([]);
});
