//! UP6: what a zip file can be made of to harm, byte by byte.

use super::*;
use std::io::{Cursor, Seek};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const MOST: u64 = 50 << 20;

type Writer = ZipWriter<Cursor<Vec<u8>>>;

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn zip_of(fill: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    fill(&mut zip);
    zip.finish().unwrap().into_inner()
}

fn with_file(name: &str, content: &[u8]) -> Vec<u8> {
    zip_of(|zip| {
        zip.start_file(name, deflated()).unwrap();
        zip.write_all(content).unwrap();
    })
}

/// What becomes of these bytes; where they are refused nothing is left of them.
fn unpacked(bytes: &[u8], most: u64) -> Result<Vec<(String, Vec<u8>)>, UnpackError> {
    let dir = tempfile::tempdir().unwrap();
    let (zip, folder) = (dir.path().join("x.zip"), dir.path().join("out"));
    fs::write(&zip, bytes).unwrap();
    let result = unpack(&zip, &folder, most);
    assert_eq!(result.is_ok(), folder.exists(), "nothing half done");
    let others = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(others, if result.is_ok() { 2 } else { 1 }, "nothing beside the folder");
    let root = result?;
    let mut files = Vec::new();
    let mut left = vec![root.clone()];
    while let Some(next) = left.pop() {
        match next.is_dir() {
            true => left.extend(fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path())),
            false => files.push((next.strip_prefix(&root).unwrap().display().to_string(), fs::read(&next).unwrap())),
        }
    }
    files.sort();
    Ok(files)
}

/// The same zip file with some bytes in the place of others, wherever they are.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    let mut found = 0;
    while at + from.len() <= bytes.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + from.len()].copy_from_slice(to);
            found += 1;
        }
        at += 1;
    }
    assert!(found > 0, "there is something to replace");
    bytes
}

#[test]
fn a_folder_is_unpacked_as_it_was_packed_and_the_one_around_it_is_looked_through() {
    let zip = zip_of(|zip| {
        zip.add_directory("my course/", deflated()).unwrap();
        zip.add_directory("my course/src/", deflated()).unwrap();
        for (name, content) in
            [("my course/book.toml", "[book]\n"), ("my course/src/größe.md", "Text"), ("__MACOSX/._x", "x")]
        {
            zip.start_file(name, deflated()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
    });
    let files = unpacked(&zip, MOST).unwrap();
    assert_eq!(files, [("book.toml".to_owned(), b"[book]\n".to_vec()), ("src/größe.md".to_owned(), b"Text".to_vec())]);
    // A folder that is the course's own is not.
    assert_eq!(unpacked(&with_file("src/SUMMARY.md", b"x"), MOST).unwrap()[0].0, "src/SUMMARY.md");
}

#[test]
fn up6_a_zip_file_inside_is_a_file_and_nothing_else() {
    let inner = with_file("../../evil", b"x");
    assert_eq!(unpacked(&with_file("inner.zip", &inner), MOST).unwrap(), [("inner.zip".to_owned(), inner)]);
}

#[test]
fn up6_a_name_that_leads_out_or_means_something_else_elsewhere_is_refused() {
    for name in [
        "../evil",
        "a/../../evil",
        "a/..",
        "/etc/evil",
        "//host/evil",
        "..\\evil",
        "a\\b",
        "C:\\evil",
        "C:evil",
        "C:/evil",
        "a\0b",
        "a\nb",
        "./a",
        "a//b",
        "a/./b",
        "",
        " /../x",
    ] {
        // The writer mends some names, so these bytes are written by hand.
        let zip = with_raw_name(name.as_bytes());
        let refused = unpacked(&zip, MOST).expect_err(name);
        assert!(matches!(refused, UnpackError::Path(_) | UnpackError::Broken), "{name}: {refused}");
    }
    let deep = "a/".repeat(30) + "b";
    assert!(matches!(unpacked(&with_file(&deep, b"x"), MOST), Err(UnpackError::Path(_))));
    assert!(matches!(unpacked(&with_file(&"a".repeat(300), b"x"), MOST), Err(UnpackError::Path(_))));
}

/// A zip file of one empty file with this name, byte by byte (APPNOTE 4.3).
fn with_raw_name(name: &[u8]) -> Vec<u8> {
    raw(&[(name, 0, 0)])
}

/// Empty stored files: name, general purpose flags, external attributes.
fn raw(files: &[(&[u8], u16, u32)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, flags, attributes) in files {
        let at = bytes.len() as u32;
        let length = (name.len() as u16).to_le_bytes();
        bytes.extend_from_slice(b"PK\x03\x04\x14\x00");
        bytes.extend_from_slice(&flags.to_le_bytes());
        bytes.extend_from_slice(&[0; 18]);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&[0; 2]);
        bytes.extend_from_slice(name);
        directory.extend_from_slice(b"PK\x01\x02\x14\x03\x14\x00");
        directory.extend_from_slice(&flags.to_le_bytes());
        directory.extend_from_slice(&[0; 18]);
        directory.extend_from_slice(&length);
        directory.extend_from_slice(&[0; 8]);
        directory.extend_from_slice(&attributes.to_le_bytes());
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name);
    }
    let (start, size, count) = (bytes.len() as u32, directory.len() as u32, (files.len() as u16).to_le_bytes());
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend_from_slice(&count);
    bytes.extend_from_slice(&count);
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(&start.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes
}

#[test]
fn the_bytes_that_these_tests_write_are_a_zip_file() {
    assert_eq!(unpacked(&with_raw_name(b"a/b.txt"), MOST).unwrap(), [("b.txt".to_owned(), Vec::new())]);
}

#[test]
fn up6_a_name_that_is_no_utf8_is_refused() {
    let refused = unpacked(&with_raw_name(b"gr\x94\xe1e.md"), MOST).unwrap_err();
    assert!(matches!(refused, UnpackError::Name), "{refused}");
}

#[test]
fn up6_links_and_other_special_files_are_refused() {
    let link = zip_of(|zip| zip.add_symlink("course.md", "/etc/passwd", deflated()).unwrap());
    assert!(matches!(unpacked(&link, MOST), Err(UnpackError::Special(name)) if name == "course.md"));
    for mode in [0o120_777_u32, 0o010_644, 0o020_644, 0o060_644, 0o140_644] {
        let zip = raw(&[(b"x", 0, mode << 16)]);
        assert!(matches!(unpacked(&zip, MOST), Err(UnpackError::Special(_))), "{mode:o}");
    }
}

#[test]
fn up6_a_name_twice_is_refused_also_as_file_and_folder() {
    for names in [["a.md", "a.md"], ["a", "a/b"], ["a/b", "a"], ["a/", "a"], ["a/b/", "a/b"]] {
        let files: Vec<(&[u8], u16, u32)> = names.iter().map(|name| (name.as_bytes(), 0, 0)).collect();
        let refused = unpacked(&raw(&files), MOST).expect_err(names[0]);
        assert!(matches!(refused, UnpackError::Twice(_)), "{names:?}: {refused}");
    }
}

#[test]
fn up6_an_encrypted_file_is_refused_by_name() {
    let refused = unpacked(&raw(&[(b"a.md", 0, 0), (b"secret.md", 1, 0)]), MOST).unwrap_err();
    assert!(matches!(&refused, UnpackError::Encrypted(name) if name == "secret.md"), "{refused}");
}

#[test]
fn up6_a_bomb_is_refused_by_its_ratio_and_its_sum_whatever_its_headers_claim() {
    let zeros = vec![0; 40 << 20];
    let bomb = with_file("zeros.bin", &zeros);
    assert!(bomb.len() < 100_000);
    assert!(matches!(unpacked(&bomb, MOST), Err(UnpackError::Bomb)));
    // It says that it is small: both of its headers name another size.
    let claimed = replaced(&bomb, &(zeros.len() as u32).to_le_bytes(), &10_u32.to_le_bytes());
    assert!(matches!(unpacked(&claimed, MOST), Err(UnpackError::Bomb | UnpackError::BrokenFile(_))));
    // Many entries that share one body, as in the bombs that need no nesting.
    let many = zip_of(|zip| {
        for n in 0..50 {
            zip.start_file(format!("{n}.bin"), deflated()).unwrap();
            zip.write_all(&vec![0; 1 << 20]).unwrap();
        }
    });
    assert!(matches!(unpacked(&many, 100 << 20), Err(UnpackError::Bomb)));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let large = zip_of(|zip| {
        zip.start_file("a.bin", stored).unwrap();
        zip.write_all(&vec![7; 600_000]).unwrap();
        zip.start_file("b.bin", stored).unwrap();
        zip.write_all(&vec![7; 600_000]).unwrap();
    });
    assert!(unpacked(&large, 1_200_000).is_ok());
    let refused = unpacked(&large, 1_199_999).unwrap_err();
    assert!(matches!(refused, UnpackError::TooLarge(_)), "{refused}");
}

#[test]
fn up6_too_many_files_are_refused() {
    let names: Vec<String> = (0..=MAX_ENTRIES).map(|n| format!("{n}")).collect();
    let files: Vec<(&[u8], u16, u32)> = names.iter().map(|name| (name.as_bytes(), 0, 0)).collect();
    assert!(matches!(unpacked(&raw(&files), MOST), Err(UnpackError::TooMany)));
    // One that claims a billion and has one is broken.
    let claimed = replaced(&raw(&files[..1]), &[1, 0, 1, 0, 47], &[0xff, 0xff, 0xff, 0xff, 47]);
    assert!(matches!(unpacked(&claimed, MOST), Err(UnpackError::Broken)));
}

#[test]
fn up6_what_is_broken_or_no_zip_file_is_refused() {
    let whole = zip_of(|zip| {
        zip.start_file("a.md", deflated()).unwrap();
        zip.write_all("Words that are packed. ".repeat(500).as_bytes()).unwrap();
        zip.start_file("b.md", deflated()).unwrap();
        zip.write_all(b"More").unwrap();
    });
    assert!(unpacked(&whole, MOST).is_ok());
    for length in (0..whole.len()).step_by(7) {
        assert!(unpacked(&whole[..length], MOST).is_err(), "cut at {length}");
    }
    for bytes in [&b""[..], b"PK", b"# A course", &[0; 1000], b"PK\x05\x06", &[b'P'; 70_000]] {
        assert!(matches!(unpacked(bytes, MOST), Err(UnpackError::Broken)), "{:?}", &bytes[..bytes.len().min(9)]);
    }
    // One byte of a body: the checksum tells.
    let mut flipped = whole.clone();
    flipped[60] ^= 0x40;
    assert!(matches!(unpacked(&flipped, MOST), Err(UnpackError::BrokenFile(name)) if name == "a.md"));
}

#[test]
fn an_export_is_unpacked_as_it_was_streamed() {
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (name, options) in [("lectern.toml", deflated()), ("src/01-a/film.webm", deflated().large_file(true))] {
        zip.start_file(name, options).unwrap();
        zip.write_all(name.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(unpacked(&bytes, MOST).unwrap().len(), 2);
    // Something before the archive, as in files that unpack themselves, is no matter; nor is a comment behind it.
    let mut commented = ZipWriter::new(Cursor::new(Vec::new()));
    commented.set_comment("PK\x05\x06 is no end").unwrap();
    commented.start_file("a.md", deflated()).unwrap();
    let mut inner = commented.finish().unwrap();
    assert!(inner.stream_position().unwrap() > 0);
    assert_eq!(unpacked(&inner.into_inner(), MOST).unwrap().len(), 1);
}
