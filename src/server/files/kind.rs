//! What an uploaded file is, by its first bytes; its name alone is believed by nobody.

use crate::domain::file::FileKind;

/// Bytes that are enough to tell.
pub const HEAD: usize = 4096;

/// What becomes of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Kept, and handed out as this content type.
    File(FileKind, &'static str),
    /// Text with times, to be read.
    Captions,
}

/// Tells a file by its first bytes. The error says what to upload instead.
pub fn of(name: &str, head: &[u8]) -> Result<Found, &'static str> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let sniffed = infer::get(head).map(|kind| kind.mime_type());
    let found = match sniffed {
        Some("video/mp4" | "video/x-m4v") => Found::File(FileKind::Video, "video/mp4"),
        Some("video/webm") => Found::File(FileKind::Video, "video/webm"),
        Some(picture @ ("image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif")) => {
            Found::File(FileKind::Picture, picture)
        }
        Some(video) if video.starts_with("video/") => {
            return Err("Browsers do not play this kind of video: convert it to mp4 (H.264) or webm.");
        }
        _ if matches!(ending.as_str(), "vtt" | "srt") => Found::Captions,
        // Drawn, and nothing of it runs: in a picture no script does, and opened by itself it is in a sandbox.
        _ if ending == "svg" && is_svg(head) => Found::File(FileKind::Picture, "image/svg+xml"),
        Some("application/pdf") => Found::File(FileKind::Attachment, "application/pdf"),
        // Handed out as bytes to keep, whatever they may be.
        _ => Found::File(FileKind::Attachment, "application/octet-stream"),
    };
    match (ending.as_str(), &found) {
        ("mp4" | "m4v" | "webm" | "mov" | "mkv", Found::File(FileKind::Video, _)) => Ok(found),
        ("mp4" | "m4v" | "webm" | "mov" | "mkv", _) => Err("This is no mp4 or webm video, whatever its name says."),
        ("png" | "jpg" | "jpeg" | "gif" | "webp" | "avif", Found::File(FileKind::Picture, _)) => Ok(found),
        ("png" | "jpg" | "jpeg" | "gif" | "webp" | "avif", _) => Err("This is no picture, whatever its name says."),
        _ => Ok(found),
    }
}

/// Whether a text begins as an SVG does, after a declaration, comments and a document type.
fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(skipped) = ["<?", "<!--", "<!DOCTYPE svg"].iter().find_map(|start| rest.strip_prefix(start)) {
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let Some(after) = skipped.find(end) else { return false };
        rest = skipped[after + end.len()..].trim_start();
    }
    rest.strip_prefix("<svg").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBM: &[u8] = include_bytes!("../../../end2end/media/clip.webm");
    const MP4: &[u8] = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";

    #[test]
    fn in9_a_file_is_what_its_bytes_say_and_not_what_its_name_does() {
        assert_eq!(of("a.webm", WEBM), Ok(Found::File(FileKind::Video, "video/webm")));
        assert_eq!(of("a.mp4", MP4), Ok(Found::File(FileKind::Video, "video/mp4")));
        assert_eq!(of("a.bin", MP4), Ok(Found::File(FileKind::Video, "video/mp4")));
        assert_eq!(of("a.png", PNG), Ok(Found::File(FileKind::Picture, "image/png")));
        let inert = Ok(Found::File(FileKind::Attachment, "application/octet-stream"));
        for (name, head) in [
            ("a.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
            ("a.svg", b"<!DOCTYPE html><svg/>"),
            ("a.svg", b"<!-- <svg/>"),
            ("a.svg", b"<svgx/>"),
            ("a.xml", b"<svg/>"),
            ("a", b"GI"),
            ("a.zip", b"PK\x03\x04"),
            ("", b""),
        ] {
            assert_eq!(of(name, head), inert, "{name}");
        }
        for head in ["<svg/>", " <svg>", "<?xml version='1.0'?>\n<!-- <svg> -->\n<!DOCTYPE svg>\n<svg xmlns='x'>"] {
            assert_eq!(of("a.SVG", head.as_bytes()), Ok(Found::File(FileKind::Picture, "image/svg+xml")), "{head}");
        }
        for (name, head) in [
            ("a.mp4", &b"<html><script>alert(1)</script>"[..]),
            ("a.webm", PNG),
            ("a.png", b"<svg onload=alert(1)>"),
            ("a.JPG", MP4),
            ("a.avi", b"RIFF\x00\x00\x00\x00AVI LIST"),
            ("a.mp4", b""),
        ] {
            assert!(of(name, head).is_err(), "{name}");
        }
        assert_eq!(of("a.VTT", b"WEBVTT"), Ok(Found::Captions));
        assert_eq!(of("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHi"), Ok(Found::Captions));
    }
}
