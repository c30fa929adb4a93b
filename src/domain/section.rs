use super::id::CourseId;
use super::validate::{FieldErrors, Validator, name};
use serde::{Deserialize, Serialize};

/// Whether learners see a section and what is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "course_section_status", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum SectionStatus {
    Public,
    #[default]
    Private,
}

impl SectionStatus {
    pub const ALL: [Self; 2] = [Self::Public, Self::Private];

    /// The value in forms, as PostgreSQL spells it.
    pub fn value(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Private => "Private",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Public => "Learners see the section and its public lessons.",
            Self::Private => "Only you see it; none of its lessons count in anyone's progress.",
        }
    }
}

/// A section as an admin edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub course_id: CourseId,
    pub course_title: String,
    pub name: String,
    pub status: SectionStatus,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SectionForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub status: SectionStatus,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionFields {
    pub name: String,
    pub status: SectionStatus,
}

impl SectionForm {
    pub fn validate(self) -> Result<SectionFields, FieldErrors> {
        let mut check = Validator::default();
        let name = check.field("name", name(self.name));
        check.done(|| Some(SectionFields { name: name?, status: self.status }))
    }
}
