//! A lesson's video: the allow-list of what can be played, and how each is embedded.

use super::validate::{is_https, is_site_path};
use serde::{Deserialize, Serialize};

/// Where a frame may come from: the Content-Security-Policy's `frame-src` is this list.
pub const FRAME_SOURCES: [&str; 2] = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"];

/// A video that the player can show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Video {
    /// An address on one of [`FRAME_SOURCES`].
    Frame { src: String, provider: String },
    /// A file that the browser plays itself.
    File { src: String },
}

/// Endings of files that browsers play.
const FILE_ENDINGS: [&str; 6] = [".mp4", ".m4v", ".webm", ".ogv", ".mov", STREAM_ENDING];
/// Ending of a playlist of HLS (RFC 8216).
const STREAM_ENDING: &str = ".m3u8";

impl Video {
    /// Takes the address as people copy it: YouTube's or Vimeo's page, share or embed address, or that of a video
    /// file over https or on this site. None for anything else.
    pub fn parse(address: &str) -> Option<Self> {
        let address = address.trim();
        if is_site_path(address) && is_file(address) {
            return Some(Self::File { src: address.to_owned() });
        }
        if !is_https(address) {
            return None;
        }
        let rest = address.strip_prefix("https://")?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = host.to_ascii_lowercase();
        match host.trim_start_matches("www.") {
            "youtube.com" | "m.youtube.com" | "youtube-nocookie.com" => youtube(path),
            "youtu.be" => youtube_id(path.trim_start_matches('/')),
            "vimeo.com" | "player.vimeo.com" => vimeo(path),
            _ if is_file(address) => Some(Self::File { src: address.to_owned() }),
            _ => None,
        }
    }

    /// The address that it plays from.
    pub fn src(&self) -> &str {
        match self {
            Self::Frame { src, .. } | Self::File { src } => src,
        }
    }

    /// What a form field holds: empty for none, else an address that can be played, kept as typed.
    pub fn address(text: &str) -> Result<Option<String>, String> {
        match text.trim() {
            "" => Ok(None),
            text if Self::parse(text).is_some() => Ok(Some(text.to_owned())),
            _ => {
                Err("Use the address of a YouTube or Vimeo video, or of an mp4, webm or m3u8 file that starts with https://."
                    .into())
            }
        }
    }
}

/// A time in a video as its controls say it: `1:02`, `1:02:03`.
pub fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The times in a text (`3:12`, `1:02:03`), as HTML: a button each, with `data-at` in milliseconds.
pub fn times(text: &str) -> String {
    let found = text.split(|c: char| !c.is_ascii_digit() && c != ':').filter_map(|word| Some((word, seconds(word)?)));
    found
        .take(TIMES)
        .map(|(word, seconds)| {
            format!(r#"<button class="button button--small" type="button" data-at="{seconds}000">{word}</button>"#)
        })
        .collect()
}

/// Of one text.
const TIMES: usize = 50;

/// The seconds of a time as [`clock`] says it.
fn seconds(word: &str) -> Option<u32> {
    let parts: Vec<&str> = word.split(':').collect();
    let fits = |part: &&str| part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number < 60);
    let digits = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse::<u32>().ok()).flatten();
    match parts.as_slice() {
        [minutes, rest] if fits(rest) => Some(digits(minutes)? * 60 + rest.parse::<u32>().ok()?),
        [hours, minutes, rest] if fits(minutes) && fits(rest) => {
            Some(digits(hours)? * 3600 + minutes.parse::<u32>().ok()? * 60 + rest.parse::<u32>().ok()?)
        }
        _ => None,
    }
}

fn is_file(address: &str) -> bool {
    FILE_ENDINGS.iter().any(|ending| ends_with(address, ending))
}

/// Whether an address leads to a playlist of HLS, which not every browser plays by itself.
pub fn is_stream(address: &str) -> bool {
    ends_with(address, STREAM_ENDING)
}

/// Of the path, whatever case it is in.
fn ends_with(address: &str, ending: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.len()
        .checked_sub(ending.len())
        .and_then(|at| path.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

fn youtube(path: &str) -> Option<Video> {
    for prefix in ["/embed/", "/shorts/", "/live/", "/v/"] {
        if let Some(id) = path.strip_prefix(prefix) {
            return youtube_id(id);
        }
    }
    let query = path.strip_prefix("/watch?")?;
    youtube_id(query.split(['&', '#']).find_map(|pair| pair.strip_prefix("v="))?)
}

fn youtube_id(text: &str) -> Option<Video> {
    let id = text.split(['?', '&', '#', '/']).next()?;
    let valid = id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    valid.then(|| Video::Frame { src: format!("{}/embed/{id}", FRAME_SOURCES[0]), provider: "YouTube".into() })
}

/// `/123456789`, `/video/123456789`, and with the hash of an unlisted one: `/123456789/ab12cd34ef`.
fn vimeo(path: &str) -> Option<Video> {
    let path = path.strip_prefix("/video").unwrap_or(path);
    let path = path.split(['?', '#']).next()?;
    let mut parts = path.trim_matches('/').split('/');
    let id = parts.next().filter(|id| (1..=12).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()))?;
    let hash = parts.next().filter(|hash| !hash.is_empty() && hash.bytes().all(|b| b.is_ascii_alphanumeric()));
    let hash = hash.map(|hash| format!("&h={hash}")).unwrap_or_default();
    Some(Video::Frame { src: format!("{}/video/{id}?dnt=1{hash}", FRAME_SOURCES[1]), provider: "Vimeo".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_with_as_many_parts_as_it_needs() {
        let said = [0, 9, 62, 600, 3599, 3600, 3723, 36_000].map(clock);
        assert_eq!(said, ["0:00", "0:09", "1:02", "10:00", "59:59", "1:00:00", "1:02:03", "10:00:00"]);
    }

    #[test]
    fn times_in_a_text_lead_to_their_second_and_nothing_else_does() {
        let found = |text: &str| {
            let html = times(text);
            html.split("data-at=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("At 3:12 and (1:02:03), 10:00."), ["192000", "3723000", "600000"]);
        assert!(found("3:1 3:60 :12 12: 1:2:3 123:00 a1 <b> 1:60:00 3:12:").is_empty());
        assert_eq!(found(&"0:01 ".repeat(99)).len(), TIMES);
    }

    fn src(address: &str) -> Option<String> {
        Video::parse(address).map(|video| match video {
            Video::Frame { src, .. } | Video::File { src } => src,
        })
    }

    #[test]
    fn every_way_to_copy_a_youtube_address_leads_to_its_privacy_address() {
        for address in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com/watch?t=3&v=dQw4w9WgXcQ#x",
            "https://m.youtube.com/shorts/dQw4w9WgXcQ?x=1",
            "https://youtu.be/dQw4w9WgXcQ?si=abc",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ] {
            assert_eq!(
                src(address).as_deref(),
                Some("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
                "{address}"
            );
        }
    }

    #[test]
    fn vimeo_and_files_play() {
        assert_eq!(src("https://vimeo.com/76979871").as_deref(), Some("https://player.vimeo.com/video/76979871?dnt=1"));
        assert_eq!(src("https://vimeo.com/1/ab2").as_deref(), Some("https://player.vimeo.com/video/1?dnt=1&h=ab2"));
        assert_eq!(src("https://example.org/a.MP4?x=1").as_deref(), Some("https://example.org/a.MP4?x=1"));
        assert_eq!(src("/media/a.webm").as_deref(), Some("/media/a.webm"));
        assert_eq!(src("https://example.org/a.m3u8?t=1").as_deref(), Some("https://example.org/a.m3u8?t=1"));
    }

    #[test]
    fn a_stream_is_told_by_its_playlist() {
        for address in ["https://x/a.m3u8", "https://x/a.M3U8?b=c.mp4", "/a.m3u8#x"] {
            assert!(is_stream(address), "{address}");
        }
        for address in ["", "m3u8", "https://x/a.mp4?b=.m3u8", "https://x/a.m3u8/b.mp4", "https://x/é3u8"] {
            assert!(!is_stream(address), "{address}");
        }
    }

    #[test]
    fn an_address_outside_the_list_is_refused() {
        for address in [
            "",
            "https://evil.example/video",
            "http://youtu.be/dQw4w9WgXcQ",
            "javascript:alert(1)//.mp4",
            "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
            "//evil/a.mp4",
            "/\\evil/a.mp4",
            "https://youtu.be/dQw4w9WgXc\"",
            "data:video/mp4,x.mp4",
            "https://vimeo.com/evil",
            "https://youtube.com/embed/..",
        ] {
            assert_eq!(src(address), None, "{address}");
        }
    }
}
