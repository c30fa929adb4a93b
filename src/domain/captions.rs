//! Captions of a video: read from WebVTT or SubRip as authors upload them, kept as plain text with times.

use std::fmt::{self, Write};
use std::ops::RangeInclusive;

/// Most cues of a file.
pub const CUES_MAX: usize = 20_000;
/// Most characters of a cue's text.
pub const CUE_TEXT_MAX: usize = 2_000;
/// Most hours on the clock of a time.
pub const HOURS_MAX: u32 = 99;

/// A caption from `start` up to but without `end`, in milliseconds; plain text, its lines separated by `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    pub start: u32,
    pub end: u32,
    pub text: String,
}

/// Why a file was refused: the line, counted from 1 as an editor counts, and a sentence that says what to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Broken {
    /// `Line 12: The end of this cue is before its start: make the end the later time.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.what)
    }
}

/// The cues of a WebVTT file, or else of a SubRip one, sorted by start and each with text; the first fault otherwise.
pub fn parse(text: &str) -> Result<Vec<Cue>, Broken> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let lines = || text.split(['\n', '\r']);
    let vtt = lines().next().is_some_and(|line| starts_with_word(line, "WEBVTT"));
    let mut cues = Vec::new();
    let mut open: Option<(usize, Cue)> = None;
    // An identifier, or text that belongs nowhere: the times that follow it or not tell which.
    let mut waiting: Option<(usize, bool)> = None;
    let mut skipping = vtt;
    let mut latest = 0;
    // An empty line more ends whatever the file leaves open.
    for (line, number) in lines().chain([""]).zip(1..) {
        if line.contains('\0') {
            return broken(number, "This line holds a NUL character: remove it, or save the file as UTF-8.");
        }
        if vtt && number == 1 {
            continue;
        }
        // Generated WebVTT has lines of one space within a cue; SubRip has them between cues.
        let within = vtt && (open.is_some() || skipping);
        if line.is_empty() || !within && line.trim().is_empty() {
            finish(open.take(), vtt, false, &mut cues)?;
            skipping = false;
            // In SubRip the index may stand apart from its times, or be left over at the end.
            if vtt && let Some((number, _)) = waiting {
                return untimed(number, vtt);
            }
        } else if let Some((start, end)) = line.split_once("-->") {
            finish(open.take(), vtt, true, &mut cues)?;
            // As in browsers, times end a note or a header too: no comment may hold an arrow.
            skipping = false;
            waiting = None;
            // What follows the end is where to place the cue, which the player decides.
            let end = end.split_whitespace().next().unwrap_or_default();
            let start = time(start.trim(), vtt, "start").map_err(|what| Broken { line: number, what })?;
            let end = time(end, vtt, "end").map_err(|what| Broken { line: number, what })?;
            if end < start {
                return broken(number, "The end of this cue is before its start: make the end the later time.");
            }
            if end == start {
                return broken(number, "The end of this cue is also its start: make the end the later time.");
            }
            if start < latest {
                return broken(number, "This cue starts before the one above it: sort the cues by their start.");
            }
            if cues.len() == CUES_MAX {
                return broken(number, &format!("Use at most {CUES_MAX} cues: remove this one and those below it."));
            }
            latest = start;
            open = Some((number, Cue { start, end, text: String::new() }));
        } else if let Some((_, cue)) = &mut open {
            cue.text.push('\n');
            cue.text.push_str(line);
        } else if !skipping {
            let index = is_index(line);
            match waiting {
                // Below an index it is this line that should have been times.
                Some((above, was_index)) => return untimed(if was_index && !index { number } else { above }, vtt),
                None if vtt && is_block(line) => skipping = true,
                None if vtt || index => waiting = Some((number, index)),
                None => return untimed(number, vtt),
            }
        }
    }
    if cues.is_empty() {
        let what = format!("There is no caption in this file: add text below times like {}.", example(vtt));
        return broken(1, &what);
    }
    Ok(cues)
}

/// A WebVTT file of the cues, from which [`parse`] reads the same ones where they came from it.
pub fn to_vtt(cues: &[Cue]) -> String {
    let mut out = String::from("WEBVTT\n");
    for cue in cues {
        out.push('\n');
        write_time(cue.start, &mut out);
        out.push_str(" --> ");
        write_time(cue.end, &mut out);
        out.push('\n');
        // An empty line would end the cue.
        for line in cue.text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
            for c in line.chars() {
                match c {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    _ => out.push(c),
                }
            }
            out.push('\n');
        }
    }
    out
}

fn broken<T>(line: usize, what: &str) -> Result<T, Broken> {
    Err(Broken { line, what: what.to_owned() })
}

fn untimed<T>(line: usize, vtt: bool) -> Result<T, Broken> {
    let like = example(vtt);
    broken(line, &format!("There should be times here, like {like}: add them, or remove the empty line above."))
}

fn example(vtt: bool) -> &'static str {
    if vtt { "00:00:01.000 --> 00:00:04.000" } else { "00:00:01,000 --> 00:00:04,000" }
}

fn starts_with_word(line: &str, word: &str) -> bool {
    line.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Whether a block without captions starts here. A header can: segments of a stream are joined as they are.
fn is_block(line: &str) -> bool {
    matches!(line.trim_end(), "STYLE" | "REGION")
        || starts_with_word(line, "NOTE")
        || starts_with_word(line, "WEBVTT")
        || line.starts_with("X-TIMESTAMP-MAP")
}

fn is_index(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}

/// Adds the cue that starts at a line, unless it shows nothing. `runs_on` says that times end it, no empty line.
fn finish(open: Option<(usize, Cue)>, vtt: bool, runs_on: bool, cues: &mut Vec<Cue>) -> Result<(), Broken> {
    let Some((line, mut cue)) = open else { return Ok(()) };
    let mut raw = cue.text.as_str();
    // A number right above times is the index of those, unless it is all that this cue says.
    if runs_on
        && let Some((text, last)) = raw.rsplit_once('\n')
        && !text.is_empty()
        && is_index(last)
    {
        raw = text;
    }
    // The one sign of another format that SubRip files are full of: where to place the cue, like {\an8}.
    if !vtt
        && let Some((digit, text)) = raw.trim_start().strip_prefix("{\\an").and_then(|rest| rest.split_once('}'))
        && digit.len() == 1
    {
        raw = text;
    }
    cue.text = plain(raw).split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    match cue.text.chars().count() {
        0 => {}
        n if n > CUE_TEXT_MAX => {
            let what = format!("The text of this cue has {n} characters, at most {CUE_TEXT_MAX} are shown: split it.");
            return broken(line, &what);
        }
        _ => cues.push(cue),
    }
    Ok(())
}

/// The text without tags, and each speaker's name before what they say.
fn plain(raw: &str) -> String {
    // Behind the last > no tag ends, so each < before it is looked at once.
    let (mut tagged, tail) = raw.split_at(raw.rfind('>').map_or(0, |last| last + 1));
    let mut out = String::new();
    while let Some((before, after)) = tagged.split_once('<') {
        decode(before, &mut out);
        // Anything else is a sign that somebody typed, as in 2 < 3.
        if !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/') {
            out.push('<');
            tagged = after;
            continue;
        }
        let (tag, rest) = after.split_once('>').unwrap_or((after, ""));
        let mut words = tag.split_whitespace();
        if words.next().is_some_and(|name| name == "v" || name.starts_with("v.")) {
            let name = words.collect::<Vec<_>>().join(" ");
            if !name.is_empty() {
                if !out.is_empty() && !out.ends_with(char::is_whitespace) {
                    out.push(' ');
                }
                decode(&name, &mut out);
                out.push_str(": ");
            }
        }
        tagged = rest;
    }
    decode(tagged, &mut out);
    decode(tail, &mut out);
    out
}

/// Appends text with WebVTT's named entities decoded, once.
fn decode(text: &str, out: &mut String) {
    const ENTITIES: [(&str, char); 6] =
        [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("nbsp;", '\u{a0}'), ("lrm;", '\u{200e}'), ("rlm;", '\u{200f}')];
    let mut pieces = text.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let entity = ENTITIES.iter().find_map(|(name, c)| Some((*c, piece.strip_prefix(name)?)));
        let (c, rest) = entity.unwrap_or(('&', piece));
        out.push(c);
        out.push_str(rest);
    }
}

/// Milliseconds of a time on the clock, or a sentence that names the time by `which`.
fn time(text: &str, vtt: bool, which: &str) -> Result<u32, String> {
    match clock(text, vtt) {
        None => {
            let like = example(vtt).split(' ').next().unwrap_or_default();
            Err(format!("The {which} time of this cue cannot be read: write it like {like}."))
        }
        Some([hours, ..]) if hours > HOURS_MAX => {
            Err(format!("The {which} time of this cue has more than {HOURS_MAX} hours: correct it."))
        }
        Some([_, minutes, seconds, _]) if minutes > 59 || seconds > 59 => {
            Err(format!("The {which} time of this cue has more than 59 minutes or seconds: carry them over."))
        }
        Some([hours, minutes, seconds, millis]) => Ok(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis),
    }
}

/// Hours, minutes, seconds and milliseconds. SubRip may leave zeros out: players read its `,5` as 5 milliseconds.
fn clock(text: &str, vtt: bool) -> Option<[u32; 4]> {
    let (clock, millis) = text.rsplit_once(if vtt { &['.'][..] } else { &['.', ','] })?;
    let mut parts = clock.rsplit(':');
    let (seconds, minutes) = (parts.next()?, parts.next()?);
    let hours = match parts.next() {
        None if vtt => "0",
        hours => hours?,
    };
    let least = |digits: usize| if vtt { digits } else { 1 };
    let read = [
        count(hours, 1..=usize::MAX)?,
        count(minutes, least(2)..=2)?,
        count(seconds, least(2)..=2)?,
        count(millis, least(3)..=3)?,
    ];
    parts.next().is_none().then_some(read)
}

fn count(text: &str, digits: RangeInclusive<usize>) -> Option<u32> {
    let valid = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    // What does not fit is over any limit as well.
    valid.then(|| text.parse().unwrap_or(u32::MAX))
}

fn write_time(millis: u32, out: &mut String) {
    let seconds = millis / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    // A String takes all that is written to it.
    let _ = write!(out, "{hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, millis % 1000);
}

#[cfg(test)]
mod tests;
