use leptos::prelude::*;

/// A drawing of one colour on a 24-unit square, a symbol of `public/icons.svg`; the style sheet sets stroke and fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Menu,
    Close,
    Check,
    CheckCircle,
    Circle,
    CircleDot,
    Lock,
    Key,
    Play,
    Pause,
    Sound,
    SoundOff,
    Expand,
    Forward,
    Window,
    ChevronRight,
    ChevronDown,
    ArrowLeft,
    ArrowRight,
    ArrowUp,
    ArrowDown,
    Grip,
    Plus,
    Trash,
    Pencil,
    Eye,
    EyeOff,
    Globe,
    More,
    Theme,
    User,
    SignOut,
    External,
    Warning,
    Info,
    Document,
    Video,
    Bag,
    Receipt,
    Book,
    FolderMove,
    Retry,
    Search,
    Clock,
    Undo,
    Redo,
}

impl Icon {
    pub const ALL: [Self; 46] = [
        Self::Menu,
        Self::Close,
        Self::Check,
        Self::CheckCircle,
        Self::Circle,
        Self::CircleDot,
        Self::Lock,
        Self::Key,
        Self::Play,
        Self::Pause,
        Self::Sound,
        Self::SoundOff,
        Self::Expand,
        Self::Forward,
        Self::Window,
        Self::ChevronRight,
        Self::ChevronDown,
        Self::ArrowLeft,
        Self::ArrowRight,
        Self::ArrowUp,
        Self::ArrowDown,
        Self::Grip,
        Self::Plus,
        Self::Trash,
        Self::Pencil,
        Self::Eye,
        Self::EyeOff,
        Self::Globe,
        Self::More,
        Self::Theme,
        Self::User,
        Self::SignOut,
        Self::External,
        Self::Warning,
        Self::Info,
        Self::Document,
        Self::Video,
        Self::Bag,
        Self::Receipt,
        Self::Book,
        Self::FolderMove,
        Self::Retry,
        Self::Search,
        Self::Clock,
        Self::Undo,
        Self::Redo,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Close => "close",
            Self::Check => "check",
            Self::CheckCircle => "check-circle",
            Self::Circle => "circle",
            Self::CircleDot => "circle-dot",
            Self::Lock => "lock",
            Self::Key => "key",
            Self::Play => "play",
            Self::Pause => "pause",
            Self::Sound => "sound",
            Self::SoundOff => "sound-off",
            Self::Expand => "expand",
            Self::Forward => "forward",
            Self::Window => "window",
            Self::ChevronRight => "chevron-right",
            Self::ChevronDown => "chevron-down",
            Self::ArrowLeft => "arrow-left",
            Self::ArrowRight => "arrow-right",
            Self::ArrowUp => "arrow-up",
            Self::ArrowDown => "arrow-down",
            Self::Grip => "grip",
            Self::Plus => "plus",
            Self::Trash => "trash",
            Self::Pencil => "pencil",
            Self::Eye => "eye",
            Self::EyeOff => "eye-off",
            Self::Globe => "globe",
            Self::More => "more",
            Self::Theme => "theme",
            Self::User => "user",
            Self::SignOut => "sign-out",
            Self::External => "external",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Document => "document",
            Self::Video => "video",
            Self::Bag => "bag",
            Self::Receipt => "receipt",
            Self::Book => "book",
            Self::FolderMove => "folder-move",
            Self::Retry => "retry",
            Self::Search => "search",
            Self::Clock => "clock",
            Self::Undo => "undo",
            Self::Redo => "redo",
        }
    }

    /// What stands between the tags of its `svg` element.
    pub fn markup(self) -> String {
        format!(r#"<use href="/icons.svg#{}"></use>"#, self.name())
    }
}

/// An icon beside words, or, with a label, one that says something alone.
#[component]
pub fn IconView(icon: Icon, #[prop(optional, into)] label: Option<&'static str>) -> impl IntoView {
    view! {
        <svg
            class="icon"
            aria-hidden=label.is_none().then_some("true")
            role=label.map(|_| "img")
            aria-label=label
            inner_html=icon.markup()
        ></svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_drawn() {
        let drawings = include_str!("../../public/icons.svg");
        for icon in Icon::ALL {
            let symbol = format!(r#"<symbol id="{}" viewBox="0 0 24 24">"#, icon.name());
            assert_eq!(drawings.matches(&symbol).count(), 1, "{icon:?}");
        }
    }
}
