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
