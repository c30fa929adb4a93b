//! The roster: who is there, in which order, and which part of it.

use super::file::encoded;
use super::grant::WaitingGrant;
use super::id::{CourseId, UserId};
use super::progress::Progress;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the roster can be ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PeopleSort {
    #[default]
    Name,
    Furthest,
    Least,
    Latest,
    Quietest,
    Joined,
}

impl PeopleSort {
    pub const ALL: [Self; 6] = [Self::Name, Self::Furthest, Self::Least, Self::Latest, Self::Quietest, Self::Joined];

    /// The value in addresses.
    pub fn value(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Furthest => "furthest",
            Self::Least => "least",
            Self::Latest => "latest",
            Self::Quietest => "quietest",
            Self::Joined => "joined",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Furthest => "Progress, most first",
            Self::Least => "Progress, least first",
            Self::Latest => "Last activity, latest first",
            Self::Quietest => "Last activity, longest ago first",
            Self::Joined => "Joined, latest first",
        }
    }
}

/// Which people, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Those with access to this course, and what they did in it.
    pub course: Option<CourseId>,
    /// A part of the name or the e-mail, whatever the letters' case; empty for everybody.
    pub search: String,
    pub sort: PeopleSort,
}

impl PeopleFilter {
    /// The query of an address that says this, with its question mark; empty where there is nothing to say.
    pub fn query(&self, after: Option<&Place>) -> String {
        let course = self.course.map(|course| format!("course={course}"));
        let search = (!self.search.is_empty()).then(|| format!("q={}", encoded(&self.search)));
        let sort = (self.sort != PeopleSort::default()).then(|| format!("sort={}", self.sort.value()));
        let after = after.map(|place| format!("after={}", encoded(&place.to_string())));
        let said: Vec<String> = [course, search, sort, after].into_iter().flatten().collect();
        if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
    }
}

/// Where somebody stands in an order. A page goes on after a place and not after a number of rows: whoever comes or
/// goes meanwhile moves nobody across its edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub words: String,
    pub number: i64,
    pub id: UserId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.id, self.number, self.words)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let id = parts.next().and_then(|id| id.parse().ok()).ok_or(())?;
        let number = parts.next().and_then(|number| number.parse().ok()).ok_or(())?;
        Ok(Self { words: parts.next().ok_or(())?.to_owned(), number, id })
    }
}

/// What an address says of the roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleForm {
    #[serde(default)]
    pub course: String,
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub after: String,
}

impl PeopleForm {
    /// None where it says what cannot be.
    pub fn parse(self) -> Option<(PeopleFilter, Option<Place>)> {
        let course = if self.course.is_empty() { None } else { Some(self.course.parse().ok()?) };
        let sort = match self.sort.as_str() {
            "" => PeopleSort::default(),
            text => PeopleSort::ALL.into_iter().find(|sort| sort.value() == text)?,
        };
        let after = if self.after.is_empty() { None } else { Some(self.after.parse().ok()?) };
        // No name and no e-mail is longer.
        let search = self.q.trim().chars().take(254).collect();
        Some((PeopleFilter { course, search, sort }, after))
    }
}

/// What of a person the roster shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub admin: bool,
    pub joined: Timestamp,
    /// How many courses they have access to.
    pub courses: i64,
    pub sources: Sources,
    /// In the course that is asked for, or in all that they have access to.
    pub progress: Progress,
    /// The last time that they completed a lesson, or watched or read one.
    pub active: Option<Timestamp>,
}

/// What somebody's access comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// Names of products.
    pub bought: Vec<String>,
    /// Names of admins; empty where that account is gone.
    pub granted: Vec<String>,
}

impl Sources {
    /// A source each: `Bought “Bundle”`, `Granted by Avery`.
    pub fn words(&self) -> Vec<String> {
        let bought = self.bought.iter().map(|product| format!("Bought “{product}”"));
        let granted = self.granted.iter().map(|admin| match admin.as_str() {
            "" => "Granted".to_owned(),
            admin => format!("Granted by {admin}"),
        });
        bought.chain(granted).collect()
    }

    /// The first of them, and how many more.
    pub fn summary(&self) -> String {
        match self.words().as_slice() {
            [] => "No access".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
        }
    }
}

/// A page of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// How many people there are on all pages.
    pub total: i64,
    pub rows: Vec<PersonRow>,
    /// The query of the next page's address.
    pub next: Option<String>,
    /// The query of the whole roster's address, from its start.
    pub query: String,
    /// Every course.
    pub courses: Vec<(CourseId, String)>,
    /// Grants whose people are not there yet, of the course that is asked for or of all.
    pub waiting: Vec<WaitingGrant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

    #[test]
    fn an_address_says_the_roster_and_is_read_again() {
        let filter = PeopleFilter { course: ID.parse().ok(), search: "é & co".into(), sort: PeopleSort::Quietest };
        let place = Place { words: "a.b c".into(), number: -7, id: ID.parse().expect("an id") };
        let query = filter.query(Some(&place));
        assert_eq!(query, format!("?course={ID}&q=%C3%A9%20%26%20co&sort=quietest&after={ID}.-7.a.b%20c"));
        let form =
            PeopleForm { course: ID.into(), q: " é & co ".into(), sort: "quietest".into(), after: place.to_string() };
        assert_eq!(form.parse(), Some((filter, Some(place))));
        assert_eq!(PeopleFilter::default().query(None), "");
    }

    #[test]
    fn an_address_that_says_what_cannot_be_is_none() {
        let form = |course: &str, sort: &str, after: &str| {
            PeopleForm { course: course.into(), q: String::new(), sort: sort.into(), after: after.into() }.parse()
        };
        assert!(form("", "", "").is_some());
        for (course, sort, after) in
            [("all", "", ""), ("", "price", ""), ("", "", "2"), ("", "", ID), ("", "", "a.1.b")]
        {
            assert!(form(course, sort, after).is_none(), "{course} {sort} {after}");
        }
    }

    #[test]
    fn several_sources_are_told_in_a_line() {
        let sources = |bought: &[&str], granted: &[&str]| Sources {
            bought: bought.iter().map(ToString::to_string).collect(),
            granted: granted.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(sources(&[], &[]).summary(), "No access");
        assert_eq!(sources(&[], &[""]).summary(), "Granted");
        assert_eq!(sources(&["A", "B"], &["Avery"]).summary(), "Bought “A”, and 2 more");
    }
}
