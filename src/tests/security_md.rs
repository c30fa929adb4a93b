//! `SECURITY.md` says what is so.

use crate::house::root;
use lectern::domain::{cover, money, user, validate};
use std::fs;

/// The requirements of OWASP's ASVS 5.0.0 at its first level.
const ASVS_LEVEL_1: &str = "\
    1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 \
    4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 \
    7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 \
    11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1";

/// The tests that a text names in backticks: the file, and the function or title in it.
fn tests_named(text: &str) -> Vec<(&str, &str)> {
    let quoted = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted
        .filter_map(|quoted| match quoted.split_once(".rs::") {
            Some((file, _)) => Some((&quoted[..file.len() + 3], &quoted[file.len() + 5..])),
            None => quoted.split_once(".spec.ts: ").map(|(file, title)| (&quoted[..file.len() + 8], title)),
        })
        .collect()
}

/// Whether a file holds a test of this name.
fn holds_test(file: &str, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(file)) else { return false };
    if file.ends_with(".ts") {
        return text.contains(&format!("test(\"{name}\","));
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_test =
        |at: usize| lines[..at].iter().rev().take(3).any(|line| line.starts_with("#[") && line.contains("test"));
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    lines.iter().enumerate().any(|(at, line)| starts.iter().any(|start| line.starts_with(start)) && is_test(at))
}

#[test]
fn security_md_answers_all_seventy_requirements_by_tests_that_there_are_or_by_a_reason() {
    let text = fs::read_to_string(root().join("SECURITY.md")).expect("is there");
    let named = tests_named(&text);
    assert!(named.len() > 100, "{}", named.len());
    let gone: Vec<_> = named.iter().filter(|(file, name)| !holds_test(file, name)).collect();
    assert!(gone.is_empty(), "no such tests: {gone:#?}");

    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `V"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let numbers: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('`').trim_start_matches('V')).collect();
    assert_eq!(numbers.len(), 70);
    assert_eq!(numbers, ASVS_LEVEL_1.split_whitespace().collect::<Vec<_>>());
    let (mut shown, mut written, mut other, mut open, mut wrong) = (0, 0, 0, 0, Vec::new());
    for row in &rows {
        let [number, asks, how, by] = row[..] else { panic!("{row:?} has four cells") };
        match (by.split_once(": "), tests_named(by).len()) {
            _ if asks.is_empty() || how.is_empty() => wrong.push(number),
            (Some(("does not apply", reason)), 0) if reason.len() > 20 => other += 1,
            (Some(("not met yet", reason)), _) if reason.len() > 20 => open += 1,
            (Some(("is text", heading)), 0) if text.contains(&format!("\n## {heading}\n")) => written += 1,
            (_, 1..) => shown += 1,
            _ => wrong.push(number),
        }
    }
    assert!(wrong.is_empty(), "neither a test nor a reason: {wrong:?}");
    let told = format!("{shown} are shown by tests, {written} are text, {other} do not apply, {open} are not met yet");
    assert!(text.contains(&told), "{told}");
}

#[test]
fn security_md_tells_what_is_taken_as_the_program_takes_it() {
    let text = include_str!("../../SECURITY.md");
    let grouped = |n: usize| money::grouped(n as u64);
    for told in [
        format!("one line of 1 to {} characters", validate::NAME_MAX),
        format!("at most {} characters", grouped(validate::DESCRIPTION_MAX)),
        format!("at most {} MiB", validate::MARKDOWN_MAX >> 20),
        format!("at most {} characters, `https://`", grouped(validate::ADDRESS_MAX)),
        format!("{} to {} characters of any kind", user::PASSWORD_MIN, user::PASSWORD_MAX),
        format!("whole dollars from 0 to {}", grouped(money::PRICE_MAX.unsigned_abs() as usize)),
        format!("at most {} MB", cover::COVER_MAX / 1_000_000),
    ] {
        assert!(text.contains(&told), "{told}");
    }
}
