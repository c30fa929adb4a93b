use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A real mail server (aiosmtpd) on loopback, which ends with the value. `AIOSMTPD` names a Python that has it.
pub struct Smtp {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Smtp {
    /// None, which is said, where there is no such Python.
    pub fn start() -> Option<Self> {
        let Some(python) = std::env::var_os("AIOSMTPD") else {
            println!("skipped: AIOSMTPD names no Python with aiosmtpd");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/support/smtp.py");
        let child = Command::new(python)
            .arg(script)
            .arg(port.to_string())
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the mail server starts");
        let smtp = Self { child, port, folder };
        for _ in 0..300 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(smtp);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the mail server does not answer");
    }

    /// Its address, for somebody of this name and password.
    pub fn url(&self, login: &str) -> String {
        format!("smtp://{login}@127.0.0.1:{}", self.port)
    }

    /// The letters that it took, in their order: what was sent, byte by byte, with the recipient above.
    pub fn letters(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some()).collect();
        files.sort();
        files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
