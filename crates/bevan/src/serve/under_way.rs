//! What of an HTTP connection is under way, so that a stop waits for that and for nothing else: a request from its head
//! until its answer is made, and an answer until the other side has taken it. Half a head is nothing yet; whoever sent it
//! may never send the rest.

use super::worded::Worded;
use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::IncomingStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// After a stop, a connection of which nothing is under way for so long is given up.
pub(super) const LAST: Duration = Duration::from_secs(2);

/// One connection, as its stream and the requests that come over it know it.
#[derive(Clone, Default)]
pub struct UnderWay(Arc<State>);

#[derive(Default)]
struct State {
    requests: AtomicUsize,
    /// Something of an answer waits for the other side to take it.
    held: AtomicBool,
    /// Something was sent since this was looked at.
    sent: AtomicBool,
}

/// A request, as long as it is held.
pub(super) struct Asked(UnderWay);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.0.requests.fetch_sub(1, Ordering::AcqRel);
    }
}

impl UnderWay {
    /// Whether bytes could be sent.
    pub fn sends(&self, could: bool) {
        self.0.held.store(!could, Ordering::Relaxed);
        self.0.sent.fetch_or(could, Ordering::Relaxed);
    }

    /// Ends when the process was told to stop and nothing of the connection is under way any more.
    pub async fn over(self, mut stopped: watch::Receiver<bool>) {
        if stopped.wait_for(|stopped| *stopped).await.is_err() {
            return;
        }
        loop {
            tokio::time::sleep(LAST).await;
            let sent = self.0.sent.swap(false, Ordering::Relaxed);
            if self.0.requests.load(Ordering::Acquire) == 0 && !self.0.held.load(Ordering::Relaxed) && !sent {
                return;
            }
        }
    }

    /// A request comes, and is under way as long as what this gives is held.
    pub(super) fn asked(&self) -> Asked {
        self.0.requests.fetch_add(1, Ordering::AcqRel);
        Asked(self.clone())
    }
}

impl Connected<IncomingStream<'_, Worded>> for UnderWay {
    fn connect_info(stream: IncomingStream<'_, Worded>) -> Self {
        stream.io().under_way.clone()
    }
}

/// Knows a request as under way until its answer begins; the answer itself is known to the stream.
pub async fn known(ConnectInfo(connection): ConnectInfo<UnderWay>, request: Request, next: Next) -> Response {
    let _asked = connection.asked();
    next.run(request).await
}
