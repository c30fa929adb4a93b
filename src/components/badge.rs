use super::icon::{Icon, IconView};
use crate::domain::lesson::LessonStatus;
use crate::domain::product::ProductStatus;
use crate::domain::section::SectionStatus;
use leptos::prelude::*;

/// A state in a word and a drawing, never by colour alone.
#[component]
pub fn Badge(kind: BadgeKind, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=kind.class()><IconView icon=kind.icon() />{text}</span> }.into_any()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadgeKind {
    Public,
    Private,
    Preview,
    Paid,
    Done,
    Pending,
    Refunded,
}

impl BadgeKind {
    fn class(self) -> &'static str {
        match self {
            Self::Public => "badge badge--public",
            Self::Private => "badge badge--private",
            Self::Preview => "badge badge--preview",
            Self::Paid => "badge badge--paid",
            Self::Done => "badge badge--done",
            Self::Pending => "badge badge--pending",
            Self::Refunded => "badge badge--refunded",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Public => Icon::Eye,
            Self::Private => Icon::EyeOff,
            Self::Preview => Icon::Globe,
            Self::Paid | Self::Done => Icon::Check,
            Self::Pending => Icon::Clock,
            Self::Refunded => Icon::ArrowLeft,
        }
    }
}

impl From<LessonStatus> for BadgeKind {
    fn from(status: LessonStatus) -> Self {
        match status {
            LessonStatus::Public => Self::Public,
            LessonStatus::Private => Self::Private,
            LessonStatus::Preview => Self::Preview,
        }
    }
}

impl From<SectionStatus> for BadgeKind {
    fn from(status: SectionStatus) -> Self {
        match status {
            SectionStatus::Public => Self::Public,
            SectionStatus::Private => Self::Private,
        }
    }
}

impl From<ProductStatus> for BadgeKind {
    fn from(status: ProductStatus) -> Self {
        match status {
            ProductStatus::Public => Self::Public,
            ProductStatus::Private => Self::Private,
        }
    }
}
