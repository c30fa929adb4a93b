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
mod tests {
    use super::*;

    fn cue(start: u32, end: u32, text: &str) -> Cue {
        Cue { start, end, text: text.into() }
    }

    fn vtt(body: &str) -> Result<Vec<Cue>, Broken> {
        parse(&format!("WEBVTT\n\n{body}"))
    }

    /// The text of one WebVTT cue, which must also survive the way through a file.
    fn shown(text: &str) -> String {
        let cues = vtt(&format!("00:01.000 --> 00:02.000\n{text}")).expect("a cue");
        assert_eq!(parse(&to_vtt(&cues)).as_ref(), Ok(&cues), "{text}");
        cues.into_iter().map(|cue| cue.text).collect()
    }

    fn refused(file: &str, line: usize, part: &str) {
        let fault = parse(file).expect_err(file);
        assert_eq!(fault.line, line, "{file:?}: {fault}");
        assert!(fault.what.contains(part), "{file:?}: {fault}");
    }

    #[test]
    fn a_webvtt_file_is_read_without_its_notes_styles_identifiers_and_settings() {
        let file = "\u{feff}WEBVTT - Lesson\nKind: captions\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n\
            STYLE\n::cue { color: red }\n\nREGION \nid:a\n\nNOTE one\n \ntwo\n\n\n\
            intro\n00:01.500 --> 00:00:02.000 align:start position:0%\n \nHello <c>there</c>\nyou\n\n\
            2\n99:59:58.999-->99:59:59.999\nEnd";
        let cues = vec![cue(1_500, 2_000, "Hello there\nyou"), cue(359_998_999, 359_999_999, "End")];
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(parse(&file.replace('\n', end)).as_ref(), Ok(&cues), "{end:?}");
        }
        assert_eq!(parse("WEBVTT\n00:01.000 --> 00:02.000\na"), Ok(vec![cue(1_000, 2_000, "a")]));
    }

    #[test]
    fn a_subrip_file_is_read_with_the_liberties_that_players_take() {
        let file = "1\r\n00:00:01,000 --> 00:00:02.5  X1:0\r\n{\\an8}<i>Hello</i>\r\n \r\n\r\n2\r\n\r\n\
            0:0:03,10 --> 00:00:04,000\r\na\r\n3\r\n00:00:03,500 --> 00:00:05,000\r\n7\r\n\
            00:00:06,000 --> 00:00:07,000\r\n\r\n00:00:08,000 --> 00:00:09,000\r\nlast\r\n\r\n5";
        let cues =
            [cue(1_000, 2_005, "Hello"), cue(3_010, 4_000, "a"), cue(3_500, 5_000, "7"), cue(8_000, 9_000, "last")];
        assert_eq!(parse(file), Ok(cues.to_vec()));
    }

    #[test]
    fn tags_go_speakers_stay_and_entities_are_decoded_once() {
        for (text, plain) in [
            ("<v Ada>Hi</v>\n<v.loud Bob  &amp; Co>Yo</v>", "Ada: Hi\nBob & Co: Yo"),
            ("<v A>Hi</v><v B>Yo", "A: Hi B: Yo"),
            ("<v>Hi</v> <video>x", "Hi x"),
            ("a<00:00:01.500> <b><i>b</b></i> <ruby>c<rt>d</rt></ruby>", "a b cd"),
            ("&amp;lt; &lt;b&gt; --&gt; &#39; &copy; &amp &", "&lt; <b> --> &#39; &copy; &amp &"),
            ("a&nbsp;b&lrm;&rlm;\n&nbsp;\nc", "a\u{a0}b\u{200e}\u{200f}\nc"),
            ("2 < 3 > 1 <- x <\n<3", "2 < 3 > 1 <- x <\n<3"),
            ("<script>alert(1)</script><img src=x onerror=alert(1)>", "alert(1)"),
            ("<scr<b>ipt>alert(1)</scr</b>ipt>", "ipt>alert(1)ipt>"),
            ("a <script", "a <script"),
            ("Tom: <i\nclass=x>hi</", "Tom: hi</"),
        ] {
            assert_eq!(shown(text), plain);
        }
    }

    #[test]
    fn a_cue_that_ends_before_it_starts_is_refused_with_its_line() {
        refused("WEBVTT\r\n\r\n1\r\n00:02.000 --> 00:01.999\r\na", 4, "The end of this cue is before its start");
        refused("1\n00:00:02,000 --> 00:00:02,000\na", 2, "also its start");
    }

    #[test]
    fn a_cue_above_an_earlier_one_is_refused_and_an_overlap_is_not() {
        let file = "WEBVTT\n\n00:02.000 --> 00:09.000\na\n\n00:02.000 --> 00:03.000\nb\n\n";
        assert_eq!(parse(file).map(|cues| cues.len()), Ok(2));
        refused(&format!("{file}00:01.999 --> 00:05.000\nc"), 9, "sort");
    }

    #[test]
    fn broken_times_are_named() {
        for time in ["", "x", "1", "1.000", "1:02.000", "00:01,000", "00:01.00", "00:01.0000", "-1:00.000", "٠:01.000"]
        {
            refused(&format!("WEBVTT\n\n{time} --> 00:02.000\na"), 3, "The start time of this cue cannot");
        }
        refused("WEBVTT\n\n00:01.000 --> \na", 3, "end time of this cue cannot be read: write it like 00:00:01.000.");
        refused("00:01,000 --> 00:02,000\na", 1, "write it like 00:00:01,000.");
        refused("1:00:00:01,000 --> 00:00:02,000\na", 1, "The start");
        refused("WEBVTT\n\n60:00.000 --> 61:00.000\na", 3, "start time of this cue has more than 59");
        refused("00:00:01,000 --> 00:00:60,000\na", 1, "end time of this cue has more than 59");
        refused("00:00:01,000 --> 100:00:00,000\na", 1, "end time of this cue has more than 99 hours");
        refused("99999999999999:00:00,000 --> 100:00:00,000\na", 1, "99 hours");
        refused("00:00:01,000 --> 00:00:02,000\na --> b", 2, "The start");
    }

    #[test]
    fn text_without_times_is_refused_where_it_stands() {
        refused("Hello\n00:00:01,000 --> 00:00:02,000\na", 1, "should be times here");
        refused("webvtt\n\n00:01.000 --> 00:02.000\na", 1, "should be times here");
        refused("1\n00:00:01,000 -> 00:00:02,000\na", 2, "should be times here");
        refused("00:00:01,000 --> 00:00:02,000\na\n\nb", 4, "should be times here");
        refused(
            "00:00:01,000 --> 00:00:02,000\na\n\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nb",
            4,
            "should be times here",
        );
        refused("WEBVTT\n\n00:01.000 --> 00:02.000\na\n\nb", 6, "should be times here");
        refused("WEBVTT\n\na\nb\n00:01.000 --> 00:02.000\nc", 3, "should be times here");
    }

    #[test]
    fn a_file_without_captions_or_over_a_limit_is_refused() {
        for file in ["", "\u{feff}", "\n\n", "1", "WEBVTT", "WEBVTT\n\nNOTE x", "00:00:01,000 --> 00:00:02,000\n<b>"] {
            refused(file, 1, "There is no caption in this file");
        }
        refused("WEBVTT\n\nNOTE\na\0b", 4, "NUL");
        let many = "00:01.000 --> 00:02.000\na\n\n".repeat(CUES_MAX);
        assert_eq!(vtt(&many).map(|cues| cues.len()), Ok(CUES_MAX));
        refused(&format!("WEBVTT\n\n{many}00:01.000 --> 00:02.000\na"), 3 + 3 * CUES_MAX, "20000");
        assert_eq!(shown(&"é".repeat(CUE_TEXT_MAX)).chars().count(), CUE_TEXT_MAX);
        refused(&format!("00:00:01,000 --> 00:00:02,000\n{}", "é".repeat(CUE_TEXT_MAX + 1)), 1, "2001 characters");
    }

    #[test]
    fn the_canonical_file_is_plain_webvtt() {
        let cues = [cue(1, 3_600_000, "a\n\n<b> & -->\r"), cue(5, 359_999_999, "c")];
        let file = "WEBVTT\n\n00:00:00.001 --> 01:00:00.000\na\n&lt;b&gt; &amp; --&gt;\n\n\
            00:00:00.005 --> 99:59:59.999\nc\n";
        assert_eq!(to_vtt(&cues), file);
    }

    #[test]
    fn a_megabyte_in_one_line_takes_no_time() {
        let begun = std::time::Instant::now();
        for piece in ["a", "<", "<a", "<a>", "<a <v b>", "&", "&amp;", ">", "-->", "0", ":", "{\\an8}", "\r", " "] {
            let long = piece.repeat((1 << 20) / piece.len());
            for head in ["", "WEBVTT\n\n", "00:00:01,000 --> 00:00:02,000\n"] {
                if let Ok(cues) = parse(&format!("{head}{long}")) {
                    assert_eq!(parse(&to_vtt(&cues)), Ok(cues), "{head:?} {piece:?}");
                }
            }
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn noise_never_panics_and_what_is_read_survives_the_way_through_a_file() {
        let pieces = "\n|\n\n|\r\n|\r| |\t|1|42|a|é|<|>|</|<v |<v.x Bo>|<b>|&|&amp;|&lt;|lt;|&nbsp;|{\\an8}|NOTE\
            |STYLE|:|--|00:00:01,5 --> 00:00:02,000\n|\n00:00:03.000 --> 00:00:04.000 x\n|00:05.000 --> 06:00.000\n\
            |WEBVTT|\u{feff}";
        let pieces: Vec<&str> = pieces.split('|').collect();
        let mut seed = 1_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let heads = ["", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "00:00:01,000 --> 00:00:02,000\n"];
        let mut read = 0;
        for round in 0..20_000 {
            let mut file = heads[round % 3].to_owned();
            if round % 2 == 0 {
                let bytes: Vec<u8> = (0..random(60)).map(|_| random(256) as u8).collect();
                file = format!("{file}{}", String::from_utf8_lossy(&bytes));
            }
            (0..random(25)).for_each(|_| file.push_str(pieces[random(pieces.len())]));
            if let Ok(cues) = parse(&file) {
                read += 1;
                assert_eq!(parse(&to_vtt(&cues)), Ok(cues), "{file:?}");
            }
        }
        assert!(read > 1_000, "{read}");
    }
}
