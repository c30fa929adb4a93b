//! Which seconds of a video were really played: what counts for completing a lesson by watching, and not how far
//! somebody jumped.

use std::ops::Range;

/// Most stretches that are told at once; what is longer is told the next time.
const STRETCHES: usize = 50;
/// No video is longer than a day.
const LONGEST: u32 = 24 * 60 * 60;
/// Of ten seconds, how many have to be played.
const ENOUGH: u64 = 9;

/// Whether enough of a video of `length` seconds was played.
pub fn is_enough(played: u32, length: u32) -> bool {
    length > 0 && u64::from(played) * 10 >= u64::from(length) * ENOUGH
}

/// Stretches that were played and are not told yet, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched(Vec<Range<u32>>);

impl Watched {
    /// The video played on from one second to another.
    pub fn add(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.start <= from && from <= last.end => last.end = last.end.max(to),
            _ => self.0.push(from..to),
        }
    }

    /// What is told to the server, `0-12 20-31`; what is left is told the next time.
    pub fn take(&mut self) -> String {
        let told: Vec<String> = self
            .0
            .drain(..self.0.len().min(STRETCHES))
            .map(|stretch| format!("{}-{}", stretch.start, stretch.end))
            .collect();
        told.join(" ")
    }

    /// What was told; none where it is not understood.
    pub fn read(text: &str) -> Option<Self> {
        let stretch = |text: &str| {
            let (from, to) = text.split_once('-')?;
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            (from < to && to <= LONGEST).then_some(from..to)
        };
        let stretches: Option<Vec<_>> = text.split_ascii_whitespace().take(STRETCHES + 1).map(stretch).collect();
        stretches.filter(|stretches| stretches.len() <= STRETCHES).map(Self)
    }

    /// What could not be told is to be told again.
    pub fn put_back(&mut self, mut untold: Self) {
        untold.0.append(&mut self.0);
        *self = untold;
    }

    /// A multirange as PostgreSQL spells it.
    pub fn multirange(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|stretch| format!("[{},{})", stretch.start, stretch.end)).collect();
        format!("{{{}}}", parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playing_on_is_one_stretch_and_a_jump_begins_another() {
        let mut watched = Watched::default();
        for (from, to) in [(0, 1), (1, 2), (2, 2), (2, 4), (9, 10), (3, 4)] {
            watched.add(from, to);
        }
        assert_eq!(watched.take(), "0-4 9-10 3-4");
        assert_eq!(watched.take(), "");
        watched.add(5, 6);
        watched.put_back(Watched::read("0-4").expect("is understood"));
        assert_eq!(watched.take(), "0-4 5-6");
    }

    #[test]
    fn what_was_told_is_understood_and_nothing_else_is() {
        let read = |text| Watched::read(text).map(|watched| watched.multirange());
        assert_eq!(read("0-4 9-10").as_deref(), Some("{[0,4),[9,10)}"));
        assert_eq!(read("").as_deref(), Some("{}"));
        for text in ["4-4", "5-4", "-1-4", "a-b", "1", "0-90000", "0-1;", &"0-1 ".repeat(51)] {
            assert_eq!(read(text), None, "{text}");
        }
        let mut many = Watched::default();
        (0..60).for_each(|n| many.add(n * 10, n * 10 + 1));
        assert!(Watched::read(&many.take()).is_some());
        assert_ne!(many.take(), "");
    }

    #[test]
    fn nine_seconds_of_ten_are_enough() {
        assert!(is_enough(90, 100) && is_enough(100, 100) && is_enough(22, 24));
        assert!(!is_enough(89, 100) && !is_enough(21, 24) && !is_enough(0, 0) && !is_enough(100, 0));
    }
}
