use leptos::prelude::*;

/// A drawing of one colour on a 24-unit square; the style sheet sets stroke and fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Menu,
    Close,
    Check,
    CheckCircle,
    Circle,
    CircleDot,
    Lock,
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
}

impl Icon {
    fn markup(self) -> &'static str {
        match self {
            Self::Menu => r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#,
            Self::Close => r#"<path d="M6 6l12 12M18 6L6 18"/>"#,
            Self::Check => r#"<path d="M5 12.5l4.5 4.5L19 7.5"/>"#,
            Self::CheckCircle => {
                r#"<circle cx="12" cy="12" r="9" fill="currentColor"/><path d="M8 12.3l2.8 2.8L16 9.5" stroke="var(--paper)"/>"#
            }
            Self::Circle => r#"<circle cx="12" cy="12" r="8.5"/>"#,
            Self::CircleDot => {
                r#"<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="3.5" fill="currentColor" stroke="none"/>"#
            }
            Self::Lock => r#"<rect x="5" y="11" width="14" height="9.5" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>"#,
            Self::Play => r#"<path d="M8 5.5v13l10.5-6.5z"/>"#,
            Self::Pause => r#"<path d="M8.5 5.5v13M15.5 5.5v13" stroke-width="3"/>"#,
            Self::Sound => {
                r#"<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>"#
            }
            Self::SoundOff => r#"<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5"/>"#,
            Self::Expand => r#"<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>"#,
            Self::Forward => r#"<path d="M5 6l8 6-8 6zM13 6l6.5 6L13 18"/>"#,
            Self::Window => {
                r#"<path d="M10 18H3.5V5.5h17V10"/><rect x="12.5" y="13" width="8.5" height="6.5" rx="1"/>"#
            }
            Self::ChevronRight => r#"<path d="M9 5.5l6.5 6.5L9 18.5"/>"#,
            Self::ChevronDown => r#"<path d="M5.5 9l6.5 6.5L18.5 9"/>"#,
            Self::ArrowLeft => r#"<path d="M20 12H4M10.5 5.5L4 12l6.5 6.5"/>"#,
            Self::ArrowRight => r#"<path d="M4 12h16M13.5 5.5L20 12l-6.5 6.5"/>"#,
            Self::ArrowUp => r#"<path d="M12 20V4M5.5 10.5L12 4l6.5 6.5"/>"#,
            Self::ArrowDown => r#"<path d="M12 4v16M5.5 13.5L12 20l6.5-6.5"/>"#,
            Self::Grip => r#"<path d="M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01" stroke-width="2.5"/>"#,
            Self::Plus => r#"<path d="M12 5v14M5 12h14"/>"#,
            Self::Trash => r#"<path d="M4 7h16M9.5 7V4h5v3M6 7l1 13h10l1-13M10 11v5.5M14 11v5.5"/>"#,
            Self::Pencil => r#"<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>"#,
            Self::Eye => {
                r#"<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>"#
            }
            Self::EyeOff => {
                r#"<path d="M4 4l16 16M9.5 5.8A9.5 9.5 0 0 1 12 5.5c3.8 0 7 2 9.5 6.5a17 17 0 0 1-2.7 3.6M6 8c-1.3 1-2.5 2.3-3.5 4 2.5 4.5 5.7 6.5 9.5 6.5 1.5 0 2.9-.3 4.2-1M10 10a3 3 0 0 0 4 4"/>"#
            }
            Self::Globe => {
                r#"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17-5-5.5-5-11.5 0-17z"/>"#
            }
            Self::More => r#"<path d="M6 12h.01M12 12h.01M18 12h.01" stroke-width="2.75"/>"#,
            Self::Theme => {
                r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>"#
            }
            Self::User => r#"<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c1-3.5 3.8-5 7.5-5s6.5 1.5 7.5 5"/>"#,
            Self::SignOut => r#"<path d="M10 4H5v16h5M9.5 12H20M16 8l4 4-4 4"/>"#,
            Self::External => r#"<path d="M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9"/>"#,
            Self::Warning => r#"<path d="M12 4L2.8 20h18.4zM12 10v4.5M12 17.3h.01"/>"#,
            Self::Info => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7h.01"/>"#,
            Self::Document => r#"<path d="M6 3.5h8L18.5 8v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5"/>"#,
            Self::Video => {
                r#"<rect x="3" y="6" width="12.5" height="12" rx="2"/><path d="M15.5 10.5L21 7.5v9l-5.5-3z"/>"#
            }
            Self::Bag => r#"<path d="M5 8h14l1 12.5H4zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5"/>"#,
            Self::Receipt => {
                r#"<path d="M5.5 3.5v17l2.2-1.5 2.1 1.5 2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5v-17zM9 8h6M9 12h6"/>"#
            }
            Self::Book => {
                r#"<path d="M12 6.5C9.5 5 6.5 4.5 3 5v13c3.5-.5 6.5 0 9 1.5 2.5-1.5 5.5-2 9-1.5V5c-3.5-.5-6.5 0-9 1.5zM12 6.5v13"/>"#
            }
            Self::FolderMove => r#"<path d="M3.5 19V5h6l2 2.5h9V19zM9 13h6.5M13 10.3l2.7 2.7-2.7 2.7"/>"#,
            Self::Retry => r#"<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4v5h-5"/>"#,
            Self::Search => r#"<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>"#,
            Self::Clock => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>"#,
        }
    }
}

/// An icon beside words, or, with a label, one that says something alone.
#[component]
pub fn IconView(icon: Icon, #[prop(optional, into)] label: Option<&'static str>) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            aria-hidden=label.is_none().then_some("true")
            role=label.map(|_| "img")
            aria-label=label
            inner_html=icon.markup()
        ></svg>
    }
    .into_any()
}
