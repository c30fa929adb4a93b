// A test that cannot go on should panic.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, geteuid, kill_process, test_kill_process};
use sqlx::{Connection as _, PgConnection};

use super::{LocalPostgres, LocalPostgresError, binaries, cluster, socket::percent_encode};

/// A folder that PostgreSQL's user can reach.
fn data_dir() -> tempfile::TempDir {
    dir_with_mode(0o755)
}

fn dir_with_mode(mode: u32) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    tempfile::Builder::new().prefix("lectern-pg-").permissions(fs::Permissions::from_mode(mode)).tempdir().unwrap()
}

async fn add_row(url: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query("CREATE TABLE IF NOT EXISTS kept (id int)").execute(&mut connection).await.unwrap();
    sqlx::query("INSERT INTO kept VALUES (1)").execute(&mut connection).await.unwrap();
}

async fn rows(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connection).await.unwrap()
}

fn pid_in(data: &Path) -> Pid {
    let content = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    Pid::from_raw(content.lines().next().unwrap().parse().unwrap()).unwrap()
}

async fn ends(pid: Pid) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while test_kill_process(pid).is_ok() {
        if Instant::now() > deadline {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    true
}

#[tokio::test]
async fn starts_answers_stops_and_starts_again_with_its_data() {
    let dir = data_dir();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    assert_eq!((postgres.user(), postgres.database()), ("lectern", "lectern"));
    assert!(postgres.socket_dir().join(".s.PGSQL.5432").exists());
    add_row(&postgres.url()).await;
    let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
    for (setting, value) in [("fsync", "on"), ("synchronous_commit", "on"), ("listen_addresses", "")] {
        let query = "SELECT current_setting($1)";
        let found: String = sqlx::query_scalar(query).bind(setting).fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, value, "{setting}");
    }
    // An open connection does not hold up the stop.
    postgres.stop().await.unwrap();
    assert!(!dir.path().join("postgres/data/postmaster.pid").exists());

    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    assert_eq!(rows(&postgres.url()).await, 1);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn does_not_run_postgres_as_root_and_closes_the_socket_folder_to_others() {
    use std::os::unix::fs::MetadataExt as _;
    let dir = data_dir();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    let pid = pid_in(&dir.path().join("postgres/data"));
    let process = fs::metadata(Path::new("/proc").join(pid.as_raw_nonzero().to_string())).unwrap();
    assert_ne!(process.uid(), 0);
    let socket_dir = fs::metadata(postgres.socket_dir()).unwrap();
    assert_eq!((socket_dir.mode() & 0o777, socket_dir.uid()), (0o700, process.uid()));
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_told_so() {
    let dir = data_dir();
    let first = LocalPostgres::start(dir.path()).await.unwrap();
    let error = LocalPostgres::start(dir.path()).await.unwrap_err();
    assert!(matches!(error, LocalPostgresError::InUse(_)));
    assert!(error.to_string().starts_with("another Lectern server is using /"), "{error}");
    first.stop().await.unwrap();
}

#[tokio::test]
async fn acknowledged_rows_survive_a_killed_postmaster() {
    let dir = data_dir();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    for _ in 0..20 {
        add_row(&postgres.url()).await;
    }
    let data = dir.path().join("postgres/data");
    kill_process(pid_in(&data), Signal::KILL).unwrap();
    drop(postgres);
    assert!(data.join("postmaster.pid").exists());

    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    assert_eq!(rows(&postgres.url()).await, 20);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_whose_number_belongs_to_another_process_is_not_believed() {
    let dir = data_dir();
    LocalPostgres::start(dir.path()).await.unwrap().stop().await.unwrap();
    let data = fs::canonicalize(dir.path().join("postgres/data")).unwrap();
    // A process of the same user, because that is what PostgreSQL itself cannot tell from a postmaster.
    let place = cluster::place(&fs::canonicalize(dir.path()).unwrap()).await.unwrap();
    let mut stranger = place.command(Path::new("/bin/sleep")).arg("600").spawn().unwrap();
    fs::write(data.join("postmaster.pid"), format!("{}\n{}\n1\n5432\n\n\n", stranger.id(), data.display())).unwrap();

    let result = LocalPostgres::start(dir.path()).await;
    assert!(stranger.try_wait().unwrap().is_none(), "the other process was left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    result.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_postmaster_left_running_is_stopped_and_replaced() {
    let dir = data_dir();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    add_row(&postgres.url()).await;
    postgres.stop().await.unwrap();
    let canonical = fs::canonicalize(dir.path()).unwrap();
    let place = cluster::place(&canonical).await.unwrap();
    let binaries = binaries::find(&place.data(), None).await.unwrap();
    let mut orphan = place
        .command(&binaries.dir.join("postgres"))
        .arg("-D")
        .arg(place.data())
        .args(["-c", "listen_addresses=", "-k"])
        .arg(canonical.join("postgres/socket"))
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let pid_file = place.data().join("postmaster.pid");
    while !fs::read_to_string(&pid_file).is_ok_and(|content| content.contains("ready")) {
        assert!(orphan.try_wait().unwrap().is_none(), "it ended by itself");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    assert!(orphan.wait().unwrap().success(), "it was shut down in order");
    assert_eq!(rows(&postgres.url()).await, 1);
    postgres.stop().await.unwrap();
}

/// Not a test: the process that the next one kills.
#[tokio::test]
#[ignore = "started by another test"]
async fn helper_that_is_killed() {
    let Some(dir) = std::env::var_os("LECTERN_TEST_DATA_DIR") else {
        return;
    };
    let postgres = LocalPostgres::start(Path::new(&dir)).await.unwrap();
    println!("\nurl {}", postgres.url());
    tokio::time::sleep(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn a_killed_server_takes_postgres_along_and_loses_nothing() {
    let dir = data_dir();
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::helper_that_is_killed"), "--ignored", "--nocapture"])
        .env("LECTERN_TEST_DATA_DIR", dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| line.unwrap().strip_prefix("url ").map(str::to_owned)).unwrap();
    for _ in 0..20 {
        add_row(&url).await;
    }
    let postmaster = pid_in(&dir.path().join("postgres/data"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(ends(postmaster).await, "PostgreSQL outlived its server");

    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    assert_eq!(rows(&postgres.url()).await, 20);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn dropping_it_shuts_postgres_down_in_order() {
    let dir = data_dir();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    let data = dir.path().join("postgres/data");
    let postmaster = pid_in(&data);
    drop(postgres);
    assert!(ends(postmaster).await);
    assert!(!data.join("postmaster.pid").exists());
}

#[tokio::test]
async fn a_cluster_whose_making_was_interrupted_is_not_used() {
    let dir = data_dir();
    let incomplete = dir.path().join("postgres/data.incomplete-1");
    fs::create_dir_all(&incomplete).unwrap();
    fs::write(incomplete.join("PG_VERSION"), "15\n").unwrap();
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    add_row(&postgres.url()).await;
    assert!(!incomplete.exists());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn an_initdb_killed_half_way_is_started_over() {
    let dir = data_dir();
    // Dropping the future in the middle of initdb is what a stopped server does.
    let half = tokio::time::timeout(Duration::from_millis(200), LocalPostgres::start(dir.path())).await;
    assert!(half.is_err());
    let postgres = LocalPostgres::start(dir.path()).await.unwrap();
    add_row(&postgres.url()).await;
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_or_too_odd_for_a_socket_gets_a_short_folder() {
    for name in ["x".repeat(100), "a b, \"c\" ü".to_owned()] {
        let dir = data_dir();
        let long = dir.path().join(name);
        let postgres = LocalPostgres::start(&long).await.unwrap();
        assert!(!postgres.socket_dir().starts_with(dir.path()));
        add_row(&postgres.url()).await;
        let socket_dir = postgres.socket_dir().to_owned();
        postgres.stop().await.unwrap();
        fs::remove_dir(socket_dir).unwrap();
    }
}

#[tokio::test]
async fn as_root_an_unreachable_data_folder_is_replaced_by_one_that_is_reachable() {
    if !geteuid().is_root() {
        return;
    }
    let private = dir_with_mode(0o700);
    let dir = private.path().join("data");
    let postgres = LocalPostgres::start(&dir).await.unwrap();
    add_row(&postgres.url()).await;
    postgres.stop().await.unwrap();
    let outside = fs::read_link(dir.join("postgres")).unwrap();
    assert!(outside.starts_with("/var/lib/lectern"));

    let postgres = LocalPostgres::start(&dir).await.unwrap();
    assert_eq!(rows(&postgres.url()).await, 1);
    postgres.stop().await.unwrap();
    fs::remove_dir_all(outside).unwrap();
}

#[tokio::test]
async fn a_start_that_fails_says_what_postgres_said() {
    let dir = data_dir();
    LocalPostgres::start(dir.path()).await.unwrap().stop().await.unwrap();
    let data = dir.path().join("postgres/data");
    fs::write(data.join("postgresql.auto.conf"), "no_such_setting = 1\n").unwrap();
    let error = LocalPostgres::start(dir.path()).await.unwrap_err();
    assert!(matches!(error, LocalPostgresError::Exited { .. }), "{error}");
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}

#[tokio::test]
async fn missing_binaries_say_what_to_install() {
    let none = vec![PathBuf::from("/nonexistent")];
    let error = binaries::first_fitting(none.clone(), Path::new("/data"), None).await.unwrap_err();
    assert!(error.to_string().contains("install the package postgresql"), "{error}");
    let error = binaries::first_fitting(none, Path::new("/data"), Some(13)).await.unwrap_err();
    assert!(error.to_string().contains("install postgresql-13"), "{error}");
}

#[test]
fn versions_of_released_packaged_and_coming_postgres_are_read() {
    let package = "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n";
    assert_eq!(binaries::parse_major(package), Some(15));
    assert_eq!(binaries::parse_major("postgres (PostgreSQL) 19beta1"), Some(19));
    assert_eq!(binaries::parse_major("nonsense"), None);
}

#[test]
fn odd_characters_of_the_socket_path_are_encoded_in_the_url() {
    assert_eq!(percent_encode(Path::new("/a b/ü?&")), "/a%20b/%C3%BC%3F%26");
}
