use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use uuid::Uuid;

/// A move by one place, as one button's value: the row, the neighbour it was seen beside, and the side. That the
/// neighbour is named lets the server see whether the row still is where it was when the button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub row: Uuid,
    /// None at a list's end, where there is nothing to move past.
    pub neighbour: Option<Uuid>,
    pub up: bool,
}

#[derive(Debug, Error)]
#[error("a step is two ids around up or down")]
pub struct StepError;

impl fmt::Display for Step {
    /// `<row>.up.<neighbour>`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.", self.row, if self.up { "up" } else { "down" })?;
        self.neighbour.map_or(Ok(()), |neighbour| write!(f, "{neighbour}"))
    }
}

impl FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '.');
        let row = parts.next().and_then(|row| row.parse().ok()).ok_or(StepError)?;
        let up = match parts.next() {
            Some("up") => true,
            Some("down") => false,
            _ => return Err(StepError),
        };
        let neighbour = match parts.next() {
            Some("") => None,
            Some(neighbour) => Some(neighbour.parse().map_err(|_| StepError)?),
            None => return Err(StepError),
        };
        Ok(Self { row, neighbour, up })
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_as_it_is_written() {
        for neighbour in [None, Some(Uuid::from_u128(2))] {
            for up in [true, false] {
                let step = Step { row: Uuid::from_u128(1), neighbour, up };
                assert_eq!(step.to_string().parse::<Step>().ok(), Some(step));
            }
        }
        for text in ["", "x.up.y", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001.left."]
        {
            assert!(text.parse::<Step>().is_err(), "{text}");
        }
    }
}
