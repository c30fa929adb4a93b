//! The store in a bucket, on moto's server: `MOTO_SERVER` names its program. Without that they are skipped, and say so.

use super::*;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use uuid::Uuid;

/// A server of moto's that ends with the value.
struct Moto {
    child: Child,
    address: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Moto {
    fn start() -> Option<Self> {
        let Some(program) = std::env::var_os("MOTO_SERVER") else {
            println!("skipped: MOTO_SERVER names no moto_server");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("is bound").port();
        let child = Command::new(&program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto starts");
        let moto = Self { child, address: format!("127.0.0.1:{port}") };
        for _ in 0..300 {
            if TcpStream::connect(&moto.address).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto does not answer");
    }

    /// Makes a bucket, by the request of any client, and opens it as the server does.
    fn bucket(&self, name: &str) -> Store {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect(&self.address).expect("moto answers");
        write!(
            stream,
            "PUT /{name} HTTP/1.1\r\nhost: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            self.address
        )
        .expect("is asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("is answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let settings = [
            ("aws_access_key_id", "key".to_owned()),
            ("aws_secret_access_key", "secret".to_owned()),
            ("aws_region", "us-east-1".to_owned()),
            ("aws_endpoint", format!("http://{}", self.address)),
            ("aws_allow_http", "true".to_owned()),
        ];
        Store::in_bucket_with(&format!("s3://{name}/some/where"), settings).expect("opens")
    }
}

async fn read(store: &Store, id: FileId, range: Range<u64>) -> Vec<u8> {
    let parts: Vec<_> = store.read(id, range).await.expect("is there").try_collect().await.expect("is read");
    parts.concat()
}

/// More than one part of an upload in parts, and no two of its kilobytes alike.
static FILM: LazyLock<Vec<u8>> = LazyLock::new(|| (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect());

#[tokio::test]
async fn a_bucket_takes_a_file_whole_hands_it_out_by_ranges_and_lets_it_go() {
    let Some(moto) = Moto::start() else { return };
    let store = moto.bucket("films");
    let folder = tempfile::tempdir().expect("a folder");
    let part = folder.path().join("part");
    std::fs::write(&part, &*FILM).expect("is written");
    let id = FileId(Uuid::new_v4());
    store.adopt(&part, id).await.expect("is taken over");
    let length = FILM.len() as u64;
    assert!(read(&store, id, 0..length).await == *FILM);
    for range in [0..1, 5_242_870..5_242_900, length - 7..length, 1_000..3_000_000] {
        let expected = &FILM[range.start as usize..range.end as usize];
        assert!(read(&store, id, range.clone()).await == expected, "{range:?}");
    }
    // The sweep sees it under its id, and not before its time.
    assert_eq!(store.older_than(Duration::ZERO).await.expect("is listed"), [id]);
    assert_eq!(store.older_than(Duration::from_secs(3_600)).await.expect("is listed"), []);
    store.remove(id).await.expect("goes");
    store.remove(id).await.expect("is gone already");
    assert!(store.read(id, 0..1).await.is_err());
    assert_eq!(store.older_than(Duration::ZERO).await.expect("is listed"), []);
}

#[tokio::test]
async fn a_bucket_that_is_away_keeps_nothing_half() {
    let Some(moto) = Moto::start() else { return };
    let store = moto.bucket("films");
    drop(moto);
    let folder = tempfile::tempdir().expect("a folder");
    let part = folder.path().join("part");
    std::fs::write(&part, b"film").expect("is written");
    let kept = tokio::time::timeout(Duration::from_secs(20), store.adopt(&part, FileId(Uuid::new_v4()))).await;
    assert!(!matches!(kept, Ok(Ok(()))));
    assert!(part.exists());
}

#[test]
fn an_address_that_is_no_bucket_is_refused() {
    for address in ["", "s3://", "s3:///x", "films", "https://films.example"] {
        assert!(Store::in_bucket(address).is_err(), "{address}");
    }
}
