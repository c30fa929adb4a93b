"""Mutants: the code made wrong in one place each, to see whether a test notices. Started by `scripts/mutants`.

All of them are compiled at once: before the code of a function stands, for every mutant in it, the same code with
that mutant, behind a switch that the environment sets. So a run compiles twice, not once a mutant.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
CHOSEN = ROOT / "scripts" / "mutants.json"

# What is mutated when all of it is: who somebody is, what they may see, and what they paid.
SCOPE = [
    "src/server/auth/**",
    "src/server/payments/**",
    *(f"src/server/db/{name}.rs" for name in (
        "access", "accounts", "checkouts", "coupons", "disputes", "first_admin", "identities", "letter_tokens",
        "oidc_sign_ins", "passkeys", "payment_events", "products", "purchases", "refunds", "roles", "sessions",
        "users")),
    *(f"src/server/edge/{name}.rs" for name in ("clerk", "gate", "media", "oidc", "passkeys", "portrait", "webhooks")),
    "src/server/limits.rs",
    *(f"src/domain/{name}.rs" for name in (
        "access", "account", "coupon", "grant", "money", "payment", "purchase", "refund", "user", "validate",
        "way_in")),
]  # fmt: skip

# A mutant that makes a test this much slower, and slower than this, makes it hang.
PATIENCE_TIMES, PATIENCE_SECONDS = 5, 120
# So many tests are tried first because they caught what is next to it.
NEIGHBOURS = 3

SWITCH = """\
//! Which of the mutants is on.

use std::fs::File;
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static CHOSEN: LazyLock<Option<usize>> = LazyLock::new(|| std::env::var("LECTERN_MUTANT").ok()?.parse().ok());
static TRACE: LazyLock<Option<File>> =
    LazyLock::new(|| File::options().append(true).create(true).open(std::env::var("LECTERN_MUTANT_TRACE").ok()?).ok());
static REACHED: [AtomicBool; %d] = [const { AtomicBool::new(false) }; %d];

pub fn on(number: usize) -> bool {
    if let Some(mut file) = TRACE.as_ref()
        && !REACHED[number].swap(true, Ordering::Relaxed)
    {
        file.write_all(format!("{number}\\n").as_bytes()).expect("the trace is written");
    }
    *CHOSEN == Some(number)
}
"""


@dataclass
class Mutant:
    number: int
    name: str
    file: str
    # Of the text that is replaced, in characters.
    start: int
    end: int
    replacement: str
    # Whether it replaces all that the function does by a value.
    is_value: bool


@dataclass(frozen=True)
class Test:
    binary: str
    name: str


def die(why):
    sys.exit(f"mutants: {why}")


# --- Sources -------------------------------------------------------------------------------

NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|r(\#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^\\'\n])'""", re.DOTALL)
ITERATOR = re.compile(r"->\s*impl\s+Iterator\b[^{}]*\{$")
COLLECTED = ".collect::<Vec<_>>().into_iter()"


@dataclass
class Edit:
    start: int
    end: int
    text: str
    # The one that it is made for.
    mutant: Mutant | None = None


def edited(source, edits, start=0, end=None):
    """That part of the source, with the edits that lie in it."""
    end = len(source) if end is None else end
    out, at = [], start
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if at <= edit.start and edit.end <= end:
            out += [source[at:edit.start], edit.text]
            at = edit.end
    return "".join(out) + source[at:end]


def lines_of(source, edits):
    """The mutants that each line of the edited source is due to."""
    lines, line, at = defaultdict(list), 1, 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        line += source.count("\n", at, edit.start)
        at = edit.end
        for offset in range(edit.text.count("\n") + 1):
            if edit.mutant:
                lines[line + offset].append(edit.mutant)
        line += edit.text.count("\n")
    return lines


def only_code(source):
    """The source with blanks for its comments and literals: every character of code where it was."""
    return NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


def bodies(code):
    """Where what stands between the braces of each function begins and ends."""
    pairs, open_braces = {}, []
    for brace in re.finditer(r"[{}]", code):
        if brace[0] == "{":
            open_braces.append(brace.start())
        else:
            pairs[open_braces.pop()] = brace.start()
    for function in re.finditer(r"\bfn\s+\w+", code):
        # Past arguments and types, in which a semicolon is an array's.
        begins = re.compile(r"(?:[^{;\[]|\[[^\]]*\])*").match(code, function.end()).end()
        if code[begins] == "{":
            yield begins + 1, pairs[begins]


def switched(mutant, value):
    return f"\nif crate::mutant::on({mutant.number}) {{ return {value}; }}\n"


def of_constants(source, code, mutants):
    """Edits that add a function to each constant that mutants change, and call it where the file names the constant."""
    edits = []
    for item in re.finditer(r"\bconst\s+(\w+)\s*:\s*([^=;]+?)\s*=\s*([^;]*);", code):
        own = [mutant for mutant in mutants if item.start(3) <= mutant.start and mutant.end <= item.end(3)]
        if not own:
            continue
        name, kind, function = item[1], item[2], f"mutated_{item[1].lower()}"
        edits.append(Edit(item.end(), item.end(), f" fn {function}() -> {kind} {{"))
        for mutant in own:
            value = edited(source, [Edit(mutant.start, mutant.end, mutant.replacement)], *item.span(3))
            edits.append(Edit(item.end(), item.end(), switched(mutant, value), mutant))
        edits.append(Edit(item.end(), item.end(), f"{name} }}"))
        for use in re.finditer(rf"\b{name}\b", code):
            if not item.start() <= use.start() < item.end():
                edits.append(Edit(use.start(), use.end(), f"{function}()", own[0]))
    return edits


def of_functions(source, code, mutants, constants):
    """Edits that put, for each mutant in a function, the function's code with that mutant before it."""
    functions = list(bodies(code))
    edits, iterators = [], set()
    for mutant in mutants:
        around = [(start, end) for start, end in functions if start <= mutant.start and mutant.end <= end]
        if not around:
            continue
        start, end = max(around)
        if mutant.is_value:
            value = mutant.replacement
        else:
            others = [edit for edit in constants if edit.end <= mutant.start or mutant.end <= edit.start]
            change = Edit(mutant.start, mutant.end, mutant.replacement)
            value = "{" + edited(source, [*others, change], start, end) + "}"
        if ITERATOR.search(code[:start]):
            iterators.add((start, end))
            value = f"({value}){COLLECTED}"
        edits.append(Edit(start, start, switched(mutant, value), mutant))
    # Iterators of one type, whichever mutant is on.
    for start, end in iterators:
        edits += [Edit(start, start, "({"), Edit(end, end, "})" + COLLECTED)]
    return edits


def mutated(source, mutants):
    """The edits for all of the mutants that have a place in the source."""
    code = only_code(source)
    constants = of_constants(source, code, mutants)
    return constants + of_functions(source, code, mutants, constants)


# --- A tree of their own -------------------------------------------------------------------


class Tree:
    """A copy of the sources, with the mutants that compile."""

    def __init__(self, path, target, profile, tests):
        self.path, self.profile, self.tests = path, profile, tests
        # With so many copies of their code in them, functions need more room.
        self.environment = {**os.environ, "SQLX_OFFLINE": "true", "RUST_MIN_STACK": str(1 << 26),
                            "CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0", "CARGO_PROFILE_DEV_DEBUG": "0"}

    def write(self, name, text):
        path = self.path / name
        if not path.exists() or path.read_bytes() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)

    def copy(self, mutants):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True).stdout.decode()
        lines = {}
        for name in filter(None, listed.split("\0")):
            of_file = [mutant for mutant in mutants if mutant.file == name]
            if not (ROOT / name).is_file():
                continue
            content = (ROOT / name).read_bytes()
            if of_file:
                source = content.decode()
                edits = mutated(source, of_file)
                lines[name] = lines_of(source, edits)
                content = edited(source, edits).encode()
            if name == "src/lib.rs":
                content = content.replace(b"\npub mod ", b"\npub mod mutant;\npub mod ", 1)
            self.write(name, content)
        count = max(mutant.number for mutant in mutants) + 1
        self.write("src/mutant.rs", (SWITCH % (count, count)).encode())
        return lines

    def cargo(self, *arguments):
        command = ["cargo", *arguments, *self.profile, "--features", "ssr", "--message-format", "json"]
        run = subprocess.run(command, cwd=self.path, env=self.environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        return run, [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]

    def blame(self, messages, lines):
        """The mutants that errors are due to."""
        guilty, strange = [], []
        for message in (m["message"] for m in messages if m["reason"] == "compiler-message"):
            if message["level"] != "error" or not message["spans"]:
                continue
            spans = list(message["spans"])
            for span in spans:
                # What a macro made is due to where it was called.
                if span["expansion"]:
                    spans.append(span["expansion"]["span"])
            places = [(span["file_name"], span["line_start"]) for span in spans]
            found = [mutant for file, line in places for mutant in lines.get(file, {}).get(line, [])]
            guilty += found
            strange += [] if found else [message["rendered"]]
        return guilty, strange

    def build(self, mutants):
        """Compiles all that do compile; gives them, those that do not, and the tests' programs."""
        unviable = []
        while True:
            lines = self.copy(mutants)
            run, messages = self.cargo("test", "--no-run", *self.tests)
            guilty, strange = self.blame(messages, lines)
            placed = {mutant.number for of_file in lines.values() for found in of_file.values() for mutant in found}
            dropped = {mutant.number for mutant in guilty} | {m.number for m in mutants if m.number not in placed}
            if not dropped:
                break
            unviable += [mutant for mutant in mutants if mutant.number in dropped]
            mutants = [mutant for mutant in mutants if mutant.number not in dropped]
            print(f"mutants: {len(dropped)} do not compile, {len(mutants)} left", flush=True)
        if run.returncode != 0:
            die("the sources do not compile:\n" + "".join(strange) + run.stderr)
        programs = [m["executable"] for m in messages if m["reason"] == "compiler-artifact" and m["profile"]["test"]]
        return mutants, unviable, [program for program in programs if program]

    def run(self, program, arguments, patience=None, **environment):
        """Whether tests passed (None where they hang), and how long they took."""
        start = time.monotonic()
        process = subprocess.Popen(
            [program, *arguments], cwd=self.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL, start_new_session=True, env={**self.environment, **environment})
        try:
            passed = process.wait(patience) == 0
        except subprocess.TimeoutExpired:
            passed = None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        return passed, time.monotonic() - start


# --- The chosen few ------------------------------------------------------------------------


def chosen():
    """The mutants of the list, found in the sources as they are."""
    for number, entry in enumerate(json.loads(CHOSEN.read_text())):
        file, text = entry["file"], entry["text"]
        source = (ROOT / file).read_text()
        if (count := source.count(text)) != 1:
            die(f"{file} holds `{text}` {count} times, not once: update the list in {CHOSEN.relative_to(ROOT)}")
        start = source.index(text)
        name = f"{file}: `{text}` as `{entry['replacement']}`"
        yield Mutant(number, name, file, start, start + len(text), entry["replacement"], False)


def module(file):
    return file.removeprefix("src/").removesuffix(".rs").removesuffix("/mod").replace("/", "::") + "::"


def some(folder):
    """Each of the chosen mutants against the unit tests beside it."""
    wanted = list(chosen())
    # The libraries as the other tests have them; of Lectern itself, what compiles soonest.
    soon = ["--release", "--config", "profile.release.package.lectern.opt-level=0"]
    tree = Tree(folder, os.environ["LECTERN_TARGET"], soon, ["--lib"])
    mutants, unviable, (program,) = tree.build(wanted)
    for mutant in unviable:
        print(f"does not compile: {mutant.name}")
    for tests in sorted({module(mutant.file) for mutant in wanted}):
        if not tree.run(program, [tests])[0]:
            die(f"the tests of {tests} fail without any mutant")
    missed = [mutant for mutant in mutants
              if tree.run(program, [module(mutant.file)], PATIENCE_SECONDS, LECTERN_MUTANT=str(mutant.number))[0]]
    for mutant in missed:
        print(f"missed: {mutant.name}")
    print(f"mutants: {len(mutants) - len(missed)} of {len(wanted)} caught")
    return not missed and not unviable


# --- All of them ---------------------------------------------------------------------------


def listed():
    """The mutants that cargo-mutants knows for the scope."""
    patterns = [argument for pattern in SCOPE for argument in ("-f", pattern)]
    run = subprocess.run(["cargo", "mutants", "--list", "--json", *patterns], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        die(f"no list of mutants (cargo install cargo-mutants): {run.stderr}")
    sources = {}
    for number, entry in enumerate(json.loads(run.stdout)):
        file = entry["file"]
        starts = sources.get(file)
        if starts is None:
            starts = sources[file] = [0]
            for line in (ROOT / file).read_text().split("\n"):
                starts.append(starts[-1] + len(line) + 1)
        places = (entry["span"]["start"], entry["span"]["end"])
        start, end = (starts[place["line"] - 1] + place["column"] - 1 for place in places)
        yield Mutant(number, entry["name"], file, start, end, entry["replacement"], entry["genre"] == "FnValue")


def in_parallel(work, items, databases):
    """Does the work for each item, as many at once as there are databases."""
    free, results = Queue(), []
    for database in databases:
        free.put(database)

    def with_database(item):
        database = free.get()
        try:
            return work(item, database)
        finally:
            free.put(database)

    with ThreadPoolExecutor(len(databases)) as pool:
        for result in pool.map(with_database, items):
            results.append(result)
            if len(results) % 50 == 0:
                print(f"mutants: {len(results)} of {len(items)} at {time.strftime('%H:%M:%S')}", flush=True)
    return results


def reach(tree, programs, databases, folder):
    """How long each test takes that passes, and which mutants it reaches."""
    folder.mkdir(parents=True, exist_ok=True)
    tests = []
    for program in programs:
        command = [program, "--list", "--format", "terse"]
        told = subprocess.run(command, cwd=tree.path, capture_output=True, text=True, check=True).stdout
        tests += [Test(program, line.removesuffix(": test")) for line in told.splitlines() if line.endswith(": test")]

    def trace(test, database):
        file = folder / f"{tests.index(test)}"
        file.unlink(missing_ok=True)
        passed, seconds = tree.run(test.binary, ["--exact", test.name], 600, DATABASE_URL=database,
                                   LECTERN_MUTANT_TRACE=str(file))
        reached = {int(line) for line in file.read_text().split()} if file.exists() else set()
        if not passed:
            print(f"mutants: {test.name} fails without any of them and is left out", flush=True)
        return test, passed, seconds, reached

    traced = in_parallel(trace, tests, databases)
    return {test: (seconds, reached) for test, passed, seconds, reached in traced if passed}


def judge(tree, mutants, tests, databases):
    """Which test catches which mutant. Tried first is what caught its neighbours, then what is named like its file, is
    quick, and reaches little besides. It is missed once all that reach it have passed."""
    per_file = defaultdict(set)
    for mutant in mutants:
        per_file[mutant.file].add(mutant.number)
    catchers = defaultdict(dict)

    def order(mutant):
        reaching = {test for test, (_, reached) in tests.items() if mutant.number in reached}
        near = sorted(catchers[mutant.file].items(), key=lambda item: abs(item[1] - mutant.start))
        neighbours = [test for test, _ in near if test in reaching][:NEIGHBOURS]
        names = {Path(mutant.file).stem, Path(mutant.file).parent.name}

        def distance(test):
            seconds, reached = tests[test]
            others = len(reached) / len(reached & per_file[mutant.file])
            return names.isdisjoint(test.name.split("::")), seconds * others

        return neighbours + sorted(reaching.difference(neighbours), key=distance)

    def attempt(mutant, database):
        reaching = order(mutant)
        for tried, test in enumerate(reaching):
            patience = max(PATIENCE_SECONDS, PATIENCE_TIMES * tests[test][0])

            def passes():
                return tree.run(test.binary, ["--exact", test.name], patience, DATABASE_URL=database,
                                LECTERN_MUTANT=str(mutant.number))[0]

            # What fails but once, and has little to do with the mutant, may fail by itself.
            verdict = passes()
            if verdict is False and tried >= NEIGHBOURS:
                verdict = passes()
            if not verdict:
                catchers[mutant.file][test] = mutant.start
                return mutant, "timeout" if verdict is None else "caught", test.name
        print(f"missed: {mutant.name} ({len(reaching)} tests reach it)", flush=True)
        return mutant, "missed", ""

    return in_parallel(attempt, mutants, databases)


def whole(folder, databases, again):
    """Every mutant of the scope against the tests that reach it."""
    report = folder / "report.json"
    tree = Tree(folder / "tree", folder / "target", [], ["--lib", "--test", "integration"])
    mutants, unviable, programs = tree.build(list(listed()))
    print(f"mutants: {len(mutants)} compile, {len(unviable)} do not", flush=True)
    known = {}
    if again:
        known = {name: found for name, found in json.loads(report.read_text()).items() if found[0] != "missed"}
    tests = reach(tree, programs, databases, folder / "reach")
    results = {mutant.name: ("unviable", "") for mutant in unviable}
    results |= {mutant.name: known[mutant.name] for mutant in mutants if mutant.name in known}
    left = [mutant for mutant in mutants if mutant.name not in known]
    results |= {mutant.name: (verdict, by) for mutant, verdict, by in judge(tree, left, tests, databases)}
    report.write_text(json.dumps(results, indent=1))
    count = Counter(verdict for verdict, _ in results.values())
    caught = count["caught"] + count["timeout"]
    print(f"mutants: {caught} of {len(mutants)} caught ({caught / len(mutants):.1%}), {count['timeout']} of them "
          f"because tests hang; {count['unviable']} do not compile. By which test: {report}")
    return True


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["some", "all", "missed"])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("databases", nargs="*", help="one for each mutant that is tried at once")
    chosen_arguments = arguments.parse_args()
    if chosen_arguments.what == "some":
        fine = some(chosen_arguments.folder)
    else:
        fine = whole(chosen_arguments.folder, chosen_arguments.databases, chosen_arguments.what == "missed")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
