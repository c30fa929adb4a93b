//! What a viewer may see of a lesson: the one rule behind lock icons, queries, counts and neighbours.

use super::lesson::LessonStatus;
use super::section::SectionStatus;
use serde::{Deserialize, Serialize};

/// How a viewer stands to a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// An admin, who sees drafts too. `entitled` says whether progress is kept for them.
    Admin { entitled: bool },
    /// Has access to the course.
    Entitled,
    /// An admin who looks at it as somebody with access would: nothing is recorded.
    Previewing,
    /// Anyone else, while the course is in at least one public product.
    Visitor,
    /// Anyone else, where it is in none: nothing of the course is shown.
    Stranger,
}

impl Standing {
    pub fn of(admin: bool, entitled: bool, in_public_product: bool) -> Self {
        match (admin, entitled, in_public_product) {
            (true, entitled, _) => Self::Admin { entitled },
            (false, true, _) => Self::Entitled,
            (false, false, true) => Self::Visitor,
            (false, false, false) => Self::Stranger,
        }
    }

    /// Whether completions of this viewer are kept.
    pub fn keeps_progress(self) -> bool {
        matches!(self, Self::Entitled | Self::Admin { entitled: true })
    }
}

/// As whom an admin looks at the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preview {
    /// Somebody without an account.
    Visitor,
    /// Somebody with access to every course.
    Buyer,
}

impl Preview {
    /// The value in forms and in the cookie.
    pub fn value(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Buyer => "buyer",
        }
    }

    pub fn of(value: &str) -> Option<Self> {
        [Self::Visitor, Self::Buyer].into_iter().find(|preview| preview.value() == value)
    }
}

/// What a viewer sees of one lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonAccess {
    /// Everything.
    Open,
    /// The name in the outline; body, video and files in no byte.
    Locked,
    /// Nothing: absent from outline, counts and neighbours, not found by id.
    Hidden,
}

impl LessonAccess {
    pub fn of(standing: Standing, section: SectionStatus, lesson: LessonStatus) -> Self {
        use LessonStatus as L;
        use SectionStatus as S;
        match (standing, section, lesson) {
            (Standing::Admin { .. }, _, _) => Self::Open,
            (Standing::Stranger, _, _) => Self::Hidden,
            (_, S::Private, _) | (_, _, L::Private) => Self::Hidden,
            (Standing::Entitled | Standing::Previewing, S::Public, L::Public | L::Preview) => Self::Open,
            (Standing::Visitor, S::Public, L::Preview) => Self::Open,
            (Standing::Visitor, S::Public, L::Public) => Self::Locked,
        }
    }

    /// Whether a lesson counts in progress: an admin sees drafts, yet nobody's percent holds them.
    pub fn counts(section: SectionStatus, lesson: LessonStatus) -> bool {
        Self::of(Standing::Entitled, section, lesson) == Self::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_what_a_learner_may_open_and_is_kept_of_whom_has_the_course() {
        use LessonStatus as L;
        use SectionStatus as S;
        for (section, lesson, counts) in [
            (S::Public, L::Public, true),
            (S::Public, L::Preview, true),
            (S::Public, L::Private, false),
            (S::Private, L::Public, false),
            (S::Private, L::Preview, false),
            (S::Private, L::Private, false),
        ] {
            assert_eq!(LessonAccess::counts(section, lesson), counts, "{section:?} {lesson:?}");
        }
        assert!(Standing::Entitled.keeps_progress() && Standing::Admin { entitled: true }.keeps_progress());
        for standing in
            [Standing::Admin { entitled: false }, Standing::Previewing, Standing::Visitor, Standing::Stranger]
        {
            assert!(!standing.keeps_progress(), "{standing:?}");
        }
    }

    #[test]
    fn a_cookie_says_as_whom_an_admin_looks() {
        for preview in [Preview::Visitor, Preview::Buyer] {
            assert_eq!(Preview::of(preview.value()), Some(preview));
        }
        assert!(["", "admin", "Visitor", "visitorbuyer"].into_iter().all(|value| Preview::of(value).is_none()));
    }

    #[test]
    fn the_table_of_who_sees_what_holds() {
        use LessonAccess::{Hidden, Locked, Open};
        use LessonStatus as L;
        use SectionStatus as S;
        let admin = Standing::Admin { entitled: false };
        let rows = [
            (S::Public, L::Public, [Open, Open, Locked, Hidden]),
            (S::Public, L::Preview, [Open, Open, Open, Hidden]),
            (S::Public, L::Private, [Open, Hidden, Hidden, Hidden]),
            (S::Private, L::Public, [Open, Hidden, Hidden, Hidden]),
            (S::Private, L::Preview, [Open, Hidden, Hidden, Hidden]),
            (S::Private, L::Private, [Open, Hidden, Hidden, Hidden]),
        ];
        for (section, lesson, expected) in rows {
            let seen = [admin, Standing::Entitled, Standing::Visitor, Standing::Stranger]
                .map(|standing| LessonAccess::of(standing, section, lesson));
            assert_eq!(seen, expected, "{section:?} {lesson:?}");
        }
    }

    #[test]
    fn an_admin_keeps_progress_only_with_access() {
        assert!(!Standing::of(true, false, true).keeps_progress());
        assert!(Standing::of(true, true, false).keeps_progress());
        assert!(!Standing::of(false, false, true).keeps_progress());
    }
}
