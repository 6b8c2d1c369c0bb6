//! A running `bevan serve`, on ports of its own, killed when dropped.

use super::http::Client;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server and where to reach it.
pub struct Bevan {
    child: Child,
    /// Address of pages and FHIR.
    pub http: SocketAddr,
    /// Address of the HL7 v2 listener.
    pub mllp: SocketAddr,
    /// Where it keeps its data.
    pub data: PathBuf,
}

impl Bevan {
    /// Starts the server in demo mode and waits until it is ready.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &["--demo"], &[])
    }

    /// Starts the server with the given arguments and variables and waits until it is ready.
    pub fn start_with(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let (http, mllp) = (free(), free());
        let mut child = Command::new(env!("CARGO_BIN_EXE_bevan"))
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--http", &http.to_string(), "--mllp", &mllp.to_string()])
            .args(arguments)
            .envs(variables.iter().copied())
            .env("BEVAN_LOG_LEVEL", "warn")
            .stdin(Stdio::null())
            .spawn()
            .expect("bevan starts");
        let deadline = Instant::now() + Duration::from_secs(60);
        while !ready(http, mllp) {
            assert!(Instant::now() < deadline, "bevan is not ready after a minute");
            if let Some(status) = child.try_wait().expect("bevan's status") {
                panic!("bevan stopped at start: {status}");
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Self { child, http, mllp, data: data.to_path_buf() }
    }

    /// A client for this server.
    pub fn client(&self) -> Client {
        Client::new(self.http)
    }

    /// A FHIR client with every system scope.
    pub fn system(&self) -> Client {
        self.client().bearer("demo-system")
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, then waits until the process is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// `SIGTERM`, then waits for the process to end by itself; whether it ended well.
    pub fn stop(mut self) -> bool {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        self.child.wait().expect("ended").success()
    }
}

impl Drop for Bevan {
    fn drop(&mut self) {
        // The process may be gone already, which is what is wanted.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn ready(http: SocketAddr, mllp: SocketAddr) -> bool {
    TcpStream::connect(mllp).is_ok()
        && Client::new(http).get("/readyz").is_ok_and(|answer| answer.status == 200)
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address")
}
