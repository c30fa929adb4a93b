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
    let cues = [cue(1_000, 2_005, "Hello"), cue(3_010, 4_000, "a"), cue(3_500, 5_000, "7"), cue(8_000, 9_000, "last")];
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
    for time in ["", "x", "1", "1.000", "1:02.000", "00:01,000", "00:01.00", "00:01.0000", "-1:00.000", "٠:01.000"] {
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
    refused("00:00:01,000 --> 00:00:02,000\na\n\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nb", 4, "should be times here");
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
