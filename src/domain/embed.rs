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
mod tests {
    use super::Event::*;
    use super::Provider::*;
    use super::*;

    #[test]
    fn a_provider_is_known_by_its_whole_origin() {
        assert_eq!(Provider::of("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"), Some(YouTube));
        assert_eq!(Provider::of("https://player.vimeo.com/video/1?dnt=1"), Some(Vimeo));
        for src in [
            "",
            "https://www.youtube.com/embed/dQw4w9WgXcQ",
            "http://player.vimeo.com/video/1",
            "https://player.vimeo.com",
            "https://player.vimeo.com.evil.example/video/1",
            "/media/a.webm",
        ] {
            assert_eq!(Provider::of(src), None, "{src}");
        }
    }

    #[test]
    fn a_frame_is_told_to_speak_and_to_hide_its_controls() {
        assert_eq!(
            YouTube.src("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://[::1]:3000", 12),
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?enablejsapi=1&origin=https%3a%2f%2f%5b%3a%3a1%5d%3a3000\
             &autoplay=1&controls=0&playsinline=1&rel=0&start=12"
        );
        assert_eq!(
            Vimeo.src("https://player.vimeo.com/video/1?dnt=1&h=ab2#t=3s", "https://a.example", 65),
            "https://player.vimeo.com/video/1?dnt=1&h=ab2&autoplay=1&controls=0&speed=1#t=65s"
        );
        assert_eq!(
            Vimeo.src("https://player.vimeo.com/video/1", "https://a.example", 0),
            "https://player.vimeo.com/video/1?dnt=1&autoplay=1&controls=0&speed=1#t=0s"
        );
    }

    #[test]
    fn youtube_is_commanded_by_function_and_arguments() {
        for (command, func, args) in [
            (Command::Play, "playVideo", ""),
            (Command::Pause, "pauseVideo", ""),
            (Command::Seek(12), "seekTo", "12,true"),
            (Command::Rate(125), "setPlaybackRate", "1.25"),
            (Command::Rate(50), "setPlaybackRate", "0.50"),
            (Command::Volume(5), "setVolume", "5"),
            (Command::Mute(true), "mute", ""),
            (Command::Mute(false), "unMute", ""),
        ] {
            let text = format!(r#"{{"event":"command","func":"{func}","args":[{args}],"id":1,"channel":"widget"}}"#);
            assert_eq!(messages(YouTube, command), [text]);
        }
        assert_eq!(
            messages(YouTube, Command::Listen),
            [
                r#"{"event":"listening","id":1,"channel":"widget"}"#,
                r#"{"event":"command","func":"addEventListener","args":["onStateChange"],"id":1,"channel":"widget"}"#,
            ]
        );
    }

    #[test]
    fn vimeo_is_commanded_by_method_and_value() {
        for (command, text) in [
            (Command::Play, r#"{"method":"play"}"#),
            (Command::Pause, r#"{"method":"pause"}"#),
            (Command::Seek(12), r#"{"method":"setCurrentTime","value":12}"#),
            (Command::Rate(200), r#"{"method":"setPlaybackRate","value":2.00}"#),
            (Command::Volume(5), r#"{"method":"setVolume","value":0.05}"#),
            (Command::Volume(100), r#"{"method":"setVolume","value":1.00}"#),
            (Command::Mute(true), r#"{"method":"setMuted","value":true}"#),
            (Command::Mute(false), r#"{"method":"setMuted","value":false}"#),
        ] {
            assert_eq!(messages(Vimeo, command), [text]);
        }
        let listen = messages(Vimeo, Command::Listen);
        assert_eq!(listen[0], r#"{"method":"ping"}"#);
        assert!(listen.contains(&r#"{"method":"addEventListener","value":"timeupdate"}"#.to_owned()));
        assert!(listen.contains(&r#"{"method":"getPaused"}"#.to_owned()));
    }

    #[test]
    fn youtube_tells_all_at_first_and_then_what_changed() {
        let first = r#"{"event":"initialDelivery","info":{"apiInterface":["playVideo","getDuration"],
            "videoData":{"title":"\"}{\\","playerState":0},"volume":85,"muted":false,"playerState":-1,
            "playbackRate":1,"currentTime":0,"duration":212.041,"progressState":{"current":7,"duration":9}},
            "id":1,"channel":"widget"}"#;
        assert_eq!(
            events(YouTube, first),
            [Ready, Duration(212), Time(0), Event::Rate(100), Event::Volume(85), Muted(false)]
        );
        for (data, said) in [
            (r#"{"event":"onReady","info":null,"id":1}"#, vec![Ready]),
            (r#"{"event":"infoDelivery","info":{"currentTime":12.999,"duration":0}}"#, vec![Time(12)]),
            (r#"{"info":{"playerState":1,"currentTime":9.1e-7},"event":"infoDelivery"}"#, vec![Time(0), Playing]),
            (r#"{"event":"infoDelivery","info":{"playerState":0,"currentTime":24.02}}"#, vec![Time(24), Ended]),
            (r#"{"event":"infoDelivery","info":{"playbackRate":1.25}}"#, vec![Event::Rate(125)]),
            (r#"{"event":"infoDelivery","info":{"muted":true,"volume":99.6}}"#, vec![Event::Volume(100), Muted(true)]),
            (r#"{"event":"onStateChange","info":2,"id":1}"#, vec![Paused]),
            (r#"{"event":"onStateChange","info":1}"#, vec![Playing]),
            (r#"{"event":"onStateChange","info":0}"#, vec![Ended]),
            (r#"{"event":"onStateChange","info":3}"#, vec![]),
            (r#"{"event":"onStateChange","info":-1}"#, vec![]),
            (r#"{"event":"onError","info":150}"#, vec![]),
        ] {
            assert_eq!(events(YouTube, data), said, "{data}");
        }
    }

    #[test]
    fn vimeo_tells_by_events_and_by_answers() {
        for (data, said) in [
            (r#"{"event":"ready"}"#, vec![Ready]),
            (r#"{"method":"ping"}"#, vec![Ready]),
            (
                r#"{"event":"timeupdate","data":{"seconds":3.034,"percent":0.049,"duration":61.857}}"#,
                vec![Duration(61), Time(3)],
            ),
            (r#"{"data":{"seconds":0,"duration":24},"event":"play"}"#, vec![Duration(24), Time(0), Playing]),
            (r#"{"event":"pause","data":{"seconds":5}}"#, vec![Time(5), Paused]),
            (r#"{"event":"ended"}"#, vec![Ended]),
            (r#"{"event":"finish","player_id":"a"}"#, vec![Ended]),
            (r#"{"event":"durationchange","data":{"duration":24.5}}"#, vec![Duration(24)]),
            (r#"{"event":"volumechange","data":{"volume":0.8999999761581421}}"#, vec![Event::Volume(90)]),
            (r#"{"event":"volumechange","data":{"volume":0.15,"muted":true}}"#, vec![Event::Volume(15), Muted(true)]),
            (r#"{"event":"playbackratechange","data":{"playbackRate":0.75}}"#, vec![Event::Rate(75)]),
            (r#"{"method":"getDuration","value":24}"#, vec![Duration(24)]),
            (r#"{"method":"getVolume","value":1}"#, vec![Event::Volume(100)]),
            (r#"{"method":"setMuted","value":false}"#, vec![Muted(false)]),
            (r#"{"method":"getPaused","value":false}"#, vec![Playing]),
            (r#"{"method":"getPaused","value":true}"#, vec![]),
            (r#"{"method":"addEventListener","value":"play"}"#, vec![]),
            (r#"{"event":"progress","data":{"seconds":20,"duration":24}}"#, vec![]),
            (r#"{"event":"error","data":{"method":"play","name":"PrivacyError"}}"#, vec![]),
            (r#"{"event":"error","data":{"method":"setPlaybackRate","name":"Error"}}"#, vec![Event::Rate(100)]),
        ] {
            assert_eq!(events(Vimeo, data), said, "{data}");
        }
    }

    #[test]
    fn white_space_and_escapes_are_read_over() {
        let data = " {\n \"title\" : \"\\\\\\\"event\\\":\\\"ended\\\",é\" ,\t\"event\" : \"timeupdate\" ,\r\n \
             \"data\" : { \"seconds\" : 7.5 , \"x\" : [ { } , [ ] , \"]\" ] } } ";
        assert_eq!(events(Vimeo, data), [Time(7)]);
    }

    #[test]
    fn garbage_says_nothing() {
        let message = r#"{"event":"infoDelivery","info":{"currentTime":12,"playerState":1}}"#;
        let cut = (1..message.len() - 1).map(|end| &message[..end]);
        let strange = [
            "",
            "{",
            "}",
            "{}",
            "]",
            "null",
            "\"",
            "{\"",
            "{\"\\",
            "{:}",
            "{,,}",
            "{]]]",
            "é{é:é}é",
            "[{\"event\":\"ended\"}]",
            "\"{\\\"event\\\":\\\"ended\\\"}\"",
            "{\"event\":{\"event\":\"ended\"}}",
            "{\"event\":\"timeupdate\",\"data\":{\"seconds\":-1,\"duration\":null}}",
            "{\"event\":\"timeupdate\",\"data\":{\"seconds\":1e21,\"duration\":99999999999}}",
            "{\"event\":\"timeupdate\",\"data\":{\"seconds\":\"7\",\"duration\":7.x}}",
            "{\"event\":\"infoDelivery\",\"info\":{\"volume\":true,\"muted\":1,\"playerState\":\"\"}}",
        ];
        for data in cut.chain(strange) {
            assert_eq!(events(YouTube, data), [], "{data}");
            assert_eq!(events(Vimeo, data), [], "{data}");
        }
    }
}
