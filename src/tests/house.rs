//! The rules of the house that the compiler does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file but the tests, by its path under `src/`.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder is read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&src).expect("is under src").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("is text"))
        })
        .filter(|(name, _)| !name.starts_with("tests/"))
        .collect()
}

/// The code of a line, without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The top modules that a line names by `crate::…` or `lectern::…`.
fn named(line: &str) -> Vec<&str> {
    let modules = ["crate::", "lectern::"].iter().flat_map(|prefix| code(line).split(prefix).skip(1));
    modules
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split(',').map(str::trim).collect(),
            None => vec![rest],
        })
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .filter(|module| MODULES.contains(module))
        .collect()
}

const MODULES: [&str; 8] = ["domain", "error", "components", "server", "api", "islands", "pages", "app"];

/// Who may name whom, itself aside.
const MAY_NAME: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("error", &["domain"]),
    ("components", &["domain", "error"]),
    ("server", &["domain", "error"]),
    ("api", &["domain", "error", "server"]),
    ("islands", &["api", "components", "domain", "error"]),
    ("pages", &["api", "islands", "components", "domain", "error"]),
    ("app", &["pages", "islands", "components"]),
    ("main", &["server", "app"]),
];

/// What a file names against the rules.
fn broken(file: &str, text: &str) -> Vec<String> {
    let area = file.split(['/', '.']).next().unwrap_or_default();
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == area) else { return Vec::new() };
    let mut wrong = Vec::new();
    // Where the edge builds the router it names the pages that it serves and what its own small pages are made of.
    let edge = file.starts_with("server/edge/");
    for (number, line) in text.lines().enumerate() {
        for module in named(line) {
            let fine =
                module == area || allowed.contains(&module) || edge && (module == "app" || module == "components");
            // A module path at the top of a file would reach the wasm; inside a function's body it is the server's.
            let too_far_out = area == "api" && module == "server" && !line.starts_with("    ");
            if !fine || too_far_out {
                wrong.push(format!("src/{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    wrong
}

#[test]
fn in12_requests_go_out_to_who_the_settings_name_and_nowhere_else() {
    let ways = ["reqwest::", "TcpStream::connect"];
    let asks = |text: &str| text.lines().any(|line| ways.iter().any(|way| code(line).contains(way)));
    let ours = sources().into_iter().filter(|(file, _)| !file.ends_with("_tests.rs"));
    let who: Vec<String> = ours.filter(|(_, text)| asks(text)).map(|(file, _)| file).collect();
    let known = [
        "server/payments/stripe/",
        "server/auth/clerk/",
        "server/auth/oidc/",
        "fake_stripe/",
        "fake_clerk/",
        "torture/",
        "bench/",
    ];
    let others: Vec<&String> = who.iter().filter(|file| !known.iter().any(|own| file.starts_with(own))).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(who.iter().any(|file| file.starts_with("server/payments/stripe/")));
}

#[test]
fn each_part_names_only_what_it_may() {
    let wrong: Vec<String> = sources().iter().flat_map(|(file, text)| broken(file, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_part_that_names_what_it_may_not_is_found() {
    for (file, line) in [
        ("domain/course.rs", "use crate::error::AppError;"),
        ("components/card.rs", "use crate::api::catalog::get_product;"),
        ("components/card.rs", "    crate::islands::form::Form"),
        ("islands/form.rs", "use crate::pages::field::TextField;"),
        ("server/db/users.rs", "use crate::app::App;"),
        ("server/db/users.rs", "use crate::pages::home::HomePage;"),
        ("api/catalog.rs", "use crate::server::catalog;"),
        ("pages/home.rs", "    use crate::server::db;"),
        ("pages/home.rs", "use crate::{domain::id::CourseId, server::db};"),
        ("app.rs", "use crate::server::context;"),
    ] {
        assert_eq!(broken(file, line).len(), 1, "{file}: {line}");
    }
    assert!(broken("api/catalog.rs", "    use crate::server::catalog;").is_empty());
    assert!(broken("domain/a.rs", "/// As in `crate::server::db`.").is_empty());
}

#[test]
fn transactions_begin_in_the_write_helper_alone() {
    let begins: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| text.lines().any(|line| code(line).contains(".begin()")))
        .map(|(file, _)| file.clone())
        .collect();
    assert_eq!(begins, ["server/db/mod.rs"]);
}

#[test]
fn sql_lives_in_the_database_modules_alone() {
    let elsewhere: Vec<String> = sources()
        .iter()
        .filter(|(file, text)| {
            !file.starts_with("server/db/")
                && text.lines().any(|line| {
                    ["sqlx::query", "query!(", "query_as!(", "query_scalar!("]
                        .iter()
                        .any(|call| code(line).contains(call))
                })
        })
        // The bench's bare route runs the same SQL beside the application, to be compared with it.
        .filter(|(file, _)| file != "bench.rs")
        // Tests and the torture look at the rows past the application.
        .filter(|(file, _)| !file.starts_with("torture/") && !file.ends_with("_tests.rs"))
        // A PostgreSQL of one's own is set up before there is anything in it.
        .filter(|(file, _)| !file.starts_with("server/local_postgres/"))
        .map(|(file, _)| file.clone())
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

/// The lines of code that hold one of some words in small letters, by their file.
fn lines_with<'a>(sources: &'a [(String, String)], words: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let lines = sources.iter().flat_map(|(file, text)| text.lines().map(move |line| (file.as_str(), line.trim())));
    lines.filter(|(_, line)| words.iter().any(|word| code(line).to_lowercase().contains(word)))
}

#[test]
fn in4_sql_is_the_programs_own_text_and_values_are_bound() {
    let sources = sources();
    // sqlx takes a `&'static str` alone, unless somebody says that a text is safe. Of the two that do, one puts it together
    // of its own list of tables, and the other of the name of a role that is a setting, quoted.
    let said_safe: BTreeSet<&str> = lines_with(&sources, &["assertsqlsafe(", "querybuilder"])
        .map(|(file, _)| file)
        .filter(|file| !file.starts_with("torture/") && !file.ends_with("_tests.rs"))
        .collect();
    assert_eq!(said_safe, BTreeSet::from(["server/db/deletions.rs", "server/db/rights.rs"]));
}

#[test]
fn programs_are_started_by_the_local_postgres_alone() {
    let sources = sources();
    let elsewhere: Vec<_> = lines_with(&sources, &["command::new(", ".arg(", "posix_spawn", "execve"])
        .filter(|(file, _)| !file.starts_with("server/local_postgres/"))
        .filter(|(file, _)| !file.starts_with("torture/") && !file.ends_with("_tests.rs"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn hashes_are_sha_256_and_argon2_and_what_md5_is_left_tells_versions_of_a_lesson_apart() {
    let sources = sources();
    let weak: Vec<_> = lines_with(&sources, &["md5", "sha1", "sha-1", "rc4", "3des", "crc32"])
        .filter(|(_, line)| !line.contains("md5(row("))
        .collect();
    assert!(weak.is_empty(), "{weak:?}");
    let versions = ["server/db/drafts.rs", "server/db/lessons.rs", "server/db/versions.rs"];
    assert!(lines_with(&sources, &["md5(row("]).all(|(file, _)| versions.contains(&file)));
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let wanted = manifest["dependencies"].as_table().unwrap();
    for crypto in ["md5", "md-5", "sha1", "sha-1", "rc4", "des", "aes", "openssl", "native-tls"] {
        assert!(!wanted.contains_key(crypto), "{crypto}");
    }
}

/// The site's own scripts, by their path under `public/`.
fn scripts() -> Vec<(String, String)> {
    let public = root().join("public");
    let folders = [public.clone(), public.join("writing"), public.join("product")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "js"))
        .map(|path| {
            let name = path.strip_prefix(&public).unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn no_text_becomes_code() {
    let (scripts, sources) = (scripts(), sources());
    assert!(scripts.len() > 20);
    let makes =
        ["eval(", "new function(", "settimeout(\"", "settimeout('", "setinterval(\"", "document.write", "javascript:"];
    let found: Vec<_> = lines_with(&scripts, &makes).collect();
    assert!(found.is_empty(), "{found:?}");
    let found: Vec<_> = lines_with(&sources, &["js_sys::eval", "function::new_", "'unsafe-eval'"]).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn nothing_hears_what_is_pasted_but_the_writing_of_lessons() {
    let (scripts, sources) = (scripts(), sources());
    let scripts = lines_with(&scripts, &["paste"]).map(|(file, _)| file).filter(|file| !file.starts_with("writing/"));
    let hearing: Vec<&str> =
        scripts.chain(lines_with(&sources, &["\"paste\"", "onpaste"]).map(|(file, _)| file)).collect();
    // What is said there is a comment.
    assert!(hearing.iter().all(|file| *file == "writing.js"), "{hearing:?}");
}

#[test]
fn py19_no_float_touches_money() {
    let float = |line: &str| {
        let words = code(line).to_lowercase();
        let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| {
            ["f32", "f64", "float", "float4", "float8", "real", "double", "numeric", "decimal"].contains(&word)
        })
    };
    let of_money = |text: &str| ["Cents", "cents", "amount", "price"].iter().any(|word| text.contains(word));
    let mut looked = 0;
    let mut wrong = Vec::new();
    for (file, text) in sources().into_iter().filter(|(_, text)| of_money(text)) {
        looked += 1;
        wrong.extend(text.lines().filter(|line| float(line)).map(|line| format!("src/{file}: {}", line.trim())));
    }
    for file in fs::read_dir(root().join("migrations")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        wrong.extend(text.lines().filter(|line| float(line)).map(|line| format!("migrations: {}", line.trim())));
    }
    assert!(looked > 20, "money is looked for where it is");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The keys of a `[package.metadata.leptos]` table.
fn leptos_keys(file: &str) -> BTreeMap<String, toml::Value> {
    let text = fs::read_to_string(root().join(file)).expect("is there");
    let parsed: toml::Table = text.parse().expect("is TOML");
    let table = parsed["package"]["metadata"]["leptos"].as_table().expect("has the site's keys");
    table.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

#[test]
fn the_running_server_and_the_build_agree_on_the_site() {
    let (running, build) = (leptos_keys("Leptos.toml"), leptos_keys("Cargo.toml"));
    for key in ["output-name", "site-root", "site-pkg-dir", "site-addr", "hash-files"] {
        assert!(running.contains_key(key), "{key} is missing in Leptos.toml");
    }
    for (key, value) in running {
        assert_eq!(build.get(&key), Some(&value), "{key}");
    }
}

#[test]
fn every_table_and_column_that_sqlx_is_told_about_is_in_the_migrations() {
    let text = fs::read_to_string(root().join("sqlx.toml")).expect("is there");
    let parsed: toml::Table = text.parse().expect("is TOML");
    let mut migrations = String::new();
    let mut files: Vec<_> = fs::read_dir(root().join("migrations")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        migrations.push_str(&fs::read_to_string(file).unwrap());
    }
    let overrides = parsed["macros"]["table-overrides"].as_table().expect("has overrides");
    assert!(!overrides.is_empty());
    for (table, columns) in overrides {
        let start = migrations.find(&format!("create table {table} (")).unwrap_or_else(|| panic!("no table {table}"));
        let body = &migrations[start..start + migrations[start..].find("\n);").expect("the table ends")];
        for column in columns.as_table().expect("columns").keys() {
            let there = body.lines().any(|line| line.trim().trim_start_matches('"').starts_with(&format!("{column} ")))
                || migrations.contains(&format!("alter table {table} add column {column} "));
            assert!(there, "no column {column} in {table}");
        }
    }
}
