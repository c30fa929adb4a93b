//! How the page and a provider's player in a frame talk: the texts that are posted into it and what it says back.
//!
//! Facts come from what others run against the real players:
//! - YouTube, its own `www-widgetapi.js`, an old copy: `listening` is posted until `initialDelivery` comes, commands
//!   carry `func` and `args`, `addEventListener` is a command, every message carries `id` and `channel`.
//!   vidstack/player `youtube/provider.ts` and `youtube/embed/message.ts`, ampproject/amphtml `amp-youtube.js`: what
//!   `info` holds, mostly only what changed, and that the player hears nothing in its first moments.
//! - Vimeo, vimeo/player.js `src/player.js`, `src/lib/postmessage.js`, `types/events.ts` and README: methods, their
//!   answers and events, what each carries, `ready` unasked for and `ping` for those who missed it.
//!   vidstack/player `EmbedProvider.ts` and amphtml `vimeo-api.js` post it JSON text, as is done here.

/// Whose player is in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    YouTube,
    Vimeo,
}

/// What a player can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Asks it to speak. A player that is still loading is deaf, and YouTube's does not say when it begins to hear:
    /// post this every half second until [`Event::Ready`], and once more at the first of those, for Vimeo's says that
    /// unasked.
    Listen,
    Play,
    Pause,
    /// To this second. A Vimeo video that never played starts by it.
    Seek(u32),
    /// In percent.
    Rate(u32),
    /// In percent. At Vimeo this ends being muted.
    Volume(u32),
    Mute(bool),
}

/// What a player says; the same may be said more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It hears commands.
    Ready,
    /// In whole seconds.
    Duration(u32),
    /// The second it is at.
    Time(u32),
    /// In percent.
    Rate(u32),
    /// In percent.
    Volume(u32),
    Muted(bool),
    Playing,
    Paused,
    Ended,
}

impl Provider {
    /// By the address of a frame.
    pub fn of(src: &str) -> Option<Self> {
        let is = |provider: &Self| src.strip_prefix(provider.origin()).is_some_and(|path| path.starts_with('/'));
        [Self::YouTube, Self::Vimeo].into_iter().find(is)
    }

    /// Where messages go to, and the only place from which they are believed.
    pub fn origin(self) -> &'static str {
        match self {
            Self::YouTube => "https://www.youtube-nocookie.com",
            Self::Vimeo => "https://player.vimeo.com",
        }
    }

    /// The frame's address with messages turned on and the provider's own controls off, to play at once from `start`,
    /// in seconds. `page_origin` is that of the page around the frame: YouTube posts its messages to no other.
    pub fn src(self, src: &str, page_origin: &str, start: u32) -> String {
        let src = src.split('#').next().unwrap_or_default();
        let and = if src.contains('?') { '&' } else { '?' };
        match self {
            Self::YouTube => {
                let origin = encoded(page_origin);
                format!(
                    "{src}{and}enablejsapi=1&origin={origin}&autoplay=1&controls=0&playsinline=1&rel=0&start={start}"
                )
            }
            Self::Vimeo => {
                let dnt = if src.contains("dnt=1") { "" } else { "dnt=1&" };
                // Without `speed` it refuses setPlaybackRate (vimeo/player.js pull request 161).
                format!("{src}{and}{dnt}autoplay=1&controls=0&speed=1#t={start}s")
            }
        }
    }
}

/// The texts to post to the player, in this order.
pub fn messages(provider: Provider, command: Command) -> Vec<String> {
    let youtube = provider == Provider::YouTube;
    let (name, value) = match command {
        Command::Listen if youtube => {
            let listening = r#"{"event":"listening","id":1,"channel":"widget"}"#.into();
            return vec![listening, message(provider, "addEventListener", r#""onStateChange""#)];
        }
        Command::Listen => return VIMEO_LISTEN.iter().map(|(name, value)| message(provider, name, value)).collect(),
        Command::Play => (if youtube { "playVideo" } else { "play" }, String::new()),
        Command::Pause => (if youtube { "pauseVideo" } else { "pause" }, String::new()),
        // `true` lets YouTube seek past what it has loaded.
        Command::Seek(seconds) if youtube => ("seekTo", format!("{seconds},true")),
        Command::Seek(seconds) => ("setCurrentTime", seconds.to_string()),
        Command::Rate(percent) => ("setPlaybackRate", hundredths(percent)),
        Command::Volume(percent) if youtube => ("setVolume", percent.to_string()),
        Command::Volume(percent) => ("setVolume", hundredths(percent)),
        Command::Mute(muted) if youtube => (if muted { "mute" } else { "unMute" }, String::new()),
        Command::Mute(muted) => ("setMuted", muted.to_string()),
    };
    vec![message(provider, name, &value)]
}

/// What one message of the player says, the state last: nothing for a text that is not understood. An object that was
/// posted is to be given as its JSON text.
pub fn events(provider: Provider, data: &str) -> Vec<Event> {
    let mut events = Vec::new();
    match provider {
        Provider::YouTube => read_youtube(data, &mut events),
        Provider::Vimeo => read_vimeo(data, &mut events),
    }
    events
}

/// `ping` first: its answer says that the rest was heard. What has no event before it changes is asked for, also
/// whether it plays, for it may have begun before anybody listened.
const VIMEO_LISTEN: [(&str, &str); 12] = [
    ("ping", ""),
    ("addEventListener", r#""play""#),
    ("addEventListener", r#""pause""#),
    ("addEventListener", r#""ended""#),
    ("addEventListener", r#""timeupdate""#),
    ("addEventListener", r#""durationchange""#),
    ("addEventListener", r#""volumechange""#),
    ("addEventListener", r#""playbackratechange""#),
    ("getDuration", ""),
    ("getVolume", ""),
    ("getMuted", ""),
    ("getPaused", ""),
];

fn message(provider: Provider, name: &str, value: &str) -> String {
    match provider {
        Provider::YouTube => {
            format!(r#"{{"event":"command","func":"{name}","args":[{value}],"id":1,"channel":"widget"}}"#)
        }
        Provider::Vimeo if value.is_empty() => format!(r#"{{"method":"{name}"}}"#),
        Provider::Vimeo => format!(r#"{{"method":"{name}","value":{value}}}"#),
    }
}

fn read_youtube(data: &str, events: &mut Vec<Event>) {
    let (event, info) = (unquoted(field(data, "event")), field(data, "info"));
    if matches!(event, "initialDelivery" | "onReady") {
        events.push(Event::Ready);
    }
    events.extend(duration(field(info, "duration")));
    events.extend(seconds(field(info, "currentTime")).map(Event::Time));
    events.extend(percent(field(info, "playbackRate"), 10).map(Event::Rate));
    events.extend(percent(field(info, "volume"), 1000).map(Event::Volume));
    events.extend(flag(field(info, "muted")).map(Event::Muted));
    // Unstarted, buffering and cued are no news: the last state goes on.
    events.extend(match if event == "onStateChange" { info } else { field(info, "playerState") } {
        "0" => Some(Event::Ended),
        "1" => Some(Event::Playing),
        "2" => Some(Event::Paused),
        _ => None,
    });
}

fn read_vimeo(data: &str, events: &mut Vec<Event>) {
    // An event carries `data`; an answer carries the name of the method and a bare `value`.
    let name = unquoted(or(field(data, "event"), field(data, "method")));
    let value = or(field(data, "data"), field(data, "value"));
    let part = |name| or(field(value, name), value);
    match name {
        "ready" | "ping" => events.push(Event::Ready),
        "durationchange" | "getDuration" => events.extend(duration(part("duration"))),
        "volumechange" | "getVolume" | "setVolume" | "getMuted" | "setMuted" => {
            events.extend(percent(part("volume"), 10).map(Event::Volume));
            events.extend(flag(part("muted")).map(Event::Muted));
        }
        "playbackratechange" | "setPlaybackRate" => {
            events.extend(percent(part("playbackRate"), 10).map(Event::Rate));
        }
        // The video's owner may not have the plan for it: it plays on as before.
        "error" if unquoted(field(value, "method")) == "setPlaybackRate" => events.push(Event::Rate(100)),
        "getPaused" => events.extend((value == "false").then_some(Event::Playing)),
        "timeupdate" | "play" | "pause" | "ended" | "finish" => {
            events.extend(duration(field(value, "duration")));
            events.extend(seconds(field(value, "seconds")).map(Event::Time));
            events.extend(match name {
                "timeupdate" => None,
                "play" => Some(Event::Playing),
                "pause" => Some(Event::Paused),
                _ => Some(Event::Ended),
            });
        }
        _ => {}
    }
}

/// None for 0, which players say while they do not know.
fn duration(value: &str) -> Option<Event> {
    seconds(value).filter(|seconds| *seconds > 0).map(Event::Duration)
}

fn seconds(value: &str) -> Option<u32> {
    u32::try_from(thousandths(value)? / 1000).ok()
}

/// Of a number of which so many thousandths are a percent, to the nearest: a volume of 0.9 comes as 0.8999999761581421.
fn percent(value: &str, unit: u64) -> Option<u32> {
    u32::try_from((thousandths(value)? + unit / 2) / unit).ok()
}

fn flag(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A number that is not negative, cut to its thousandths. By hand, for `f64`'s parser weighs more than this module.
fn thousandths(number: &str) -> Option<u64> {
    if let Some((_, exponent)) = number.split_once(['e', 'E']) {
        // JavaScript writes one for what is below a millionth or too large to mean anything.
        return exponent.starts_with('-').then_some(0);
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut fraction = fraction.chars();
    let mut sum = u64::from(whole.parse::<u32>().ok()?);
    for _ in 0..3 {
        sum = sum * 10 + u64::from(fraction.next().unwrap_or('0').to_digit(10)?);
    }
    Some(sum)
}

/// A percentage as JSON writes its factor: 1.25.
fn hundredths(percent: u32) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

/// The JSON text of an object's own field, not of one further in; empty for none, and for a text that is no object.
fn field<'a>(object: &'a str, name: &str) -> &'a str {
    let Some(inside) = object.trim_start().strip_prefix('{') else { return "" };
    let (mut from, mut depth, mut quoted, mut escaped, mut found) = (0, 0u32, false, false, false);
    for (at, byte) in inside.bytes().enumerate() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => depth += 1,
            b':' | b',' | b'}' | b']' if depth == 0 => {
                let part = inside.get(from..at).unwrap_or_default().trim();
                from = at + 1;
                match byte {
                    b':' => found = unquoted(part) == name,
                    _ if found => return part,
                    b',' => {}
                    _ => return "",
                }
            }
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    ""
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// Enough for the names that are looked for: none holds an escape.
fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 15].into_iter().filter_map(|half| char::from_digit(half.into(), 16)));
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
