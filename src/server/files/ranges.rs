//! Which bytes of a file a request wants (RFC 9110, 14.1 and 14.2).

use std::ops::Range;

/// More parts than this in one request are nobody's seeking: the header is ignored, as the standard allows.
const PARTS_MAX: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    /// At least one part, each within the file, in the order asked for.
    Parts(Vec<Range<u64>>),
    /// Nothing of it is within the file.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `length` bytes. One that is not understood is ignored.
pub fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some(specs) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Wanted::Whole };
    let specs: Vec<&str> =
        specs.split(',').map(str::trim).filter(|spec| !spec.is_empty()).take(PARTS_MAX + 1).collect();
    if specs.is_empty() || specs.len() > PARTS_MAX {
        return Wanted::Whole;
    }
    let mut parts = Vec::new();
    for spec in specs {
        match part(spec, length) {
            Some(Some(range)) => parts.push(range),
            Some(None) => {}
            None => return Wanted::Whole,
        }
    }
    if parts.is_empty() { Wanted::Unsatisfiable } else { Wanted::Parts(parts) }
}

/// One `first-last`, `first-` or `-suffix`: None where it is malformed, Some(None) where it is beyond the end.
fn part(spec: &str, length: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        let suffix = number(last)?;
        let start = length.saturating_sub(suffix);
        return Some((start < length).then_some(start..length));
    }
    let first = number(first)?;
    let end = match last {
        "" => length,
        last => {
            let last = number(last)?;
            if last < first {
                return None;
            }
            last.saturating_add(1).min(length)
        }
    };
    Some((first < length).then_some(first..end))
}

/// Digits alone; more than fit are as good as the most that does.
fn number(digits: &str) -> Option<u64> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<const N: usize>(ranges: [(u64, u64); N]) -> Wanted {
        Wanted::Parts(ranges.map(|(from, to)| from..to).to_vec())
    }

    #[test]
    fn in11_each_form_of_a_range_is_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-0", parts([(0, 1)])),
            ("bytes=0-99", parts([(0, 100)])),
            ("bytes=0-1000", parts([(0, 100)])),
            ("bytes=10-", parts([(10, 100)])),
            ("bytes=-5", parts([(95, 100)])),
            ("bytes=-1000", parts([(0, 100)])),
            ("bytes= 1-2 , 4-5 ", parts([(1, 3), (4, 6)])),
            ("bytes=50-60,55-70", parts([(50, 61), (55, 71)])),
            ("bytes=0-1,500-600", parts([(0, 2)])),
            ("bytes=99-", parts([(99, 100)])),
            ("bytes=0-99999999999999999999999999", parts([(0, 100)])),
            ("bytes=100-", Wanted::Unsatisfiable),
            ("bytes=100-200,300-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=99999999999999999999999999-", Wanted::Unsatisfiable),
        ] {
            assert_eq!(wanted(Some(header), 100), expected, "{header}");
        }
    }

    #[test]
    fn in11_what_is_no_range_and_what_is_too_many_is_the_whole_file() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "items=0-1",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=--1",
            "bytes=1-2-3",
            "bytes=+1-2",
            "Bytes 0-1",
        ] {
            assert_eq!(wanted(Some(header), 100), Wanted::Whole, "{header}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
        let thousand: Vec<_> = (0..1000).map(|n| format!("{n}-{n}")).collect();
        assert_eq!(wanted(Some(&format!("bytes={}", thousand.join(","))), 5000), Wanted::Whole);
    }

    #[test]
    fn in11_nothing_of_an_empty_file_can_be_had_in_part() {
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
        assert_eq!(wanted(Some("bytes=-1"), 0), Wanted::Unsatisfiable);
    }
}
