use serde::{Deserialize, Serialize};

/// How far a learner is: completed visible lessons of all visible lessons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub completed: u32,
    pub total: u32,
}

impl Progress {
    pub fn new(completed: usize, total: usize) -> Self {
        Self {
            completed: u32::try_from(completed).unwrap_or(u32::MAX),
            total: u32::try_from(total).unwrap_or(u32::MAX),
        }
    }

    /// 0 to 100, rounded down, so that 100 is said only when nothing is left. An empty course is at 0.
    pub fn percent(self) -> u32 {
        match self.total {
            0 => 0,
            total => (u64::from(self.completed.min(total)) * 100 / u64::from(total)) as u32,
        }
    }

    /// `66 % complete` and `2 of 3 lessons`.
    pub fn words(self) -> [String; 2] {
        [format!("{} % complete", self.percent()), format!("{} of {} lessons", self.completed, self.total)]
    }

    pub fn is_complete(self) -> bool {
        self.total > 0 && self.completed >= self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_true_at_its_ends() {
        assert_eq!(Progress::new(0, 0).percent(), 0);
        assert_eq!(Progress::new(499, 500).percent(), 99);
        assert_eq!(Progress::new(500, 500).percent(), 100);
        assert_eq!(Progress::new(7, 5).percent(), 100);
        assert!(!Progress::new(0, 0).is_complete());
    }
}
