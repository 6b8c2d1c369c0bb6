//! What of an HTTP connection is under way, so that a stop waits for that and for nothing else: a request from its head
//! until its answer is made, and an answer until the other side has taken it. Half a head is nothing yet; whoever sent it
//! may never send the rest. A body that stops coming, and an answer that is no longer taken, are waited for a while only.

use super::worded::Worded;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::IncomingStream;
use futures_util::{StreamExt as _, stream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
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
    /// Bodies of which more is waited for.
    bodies: AtomicUsize,
    /// Something of an answer waits for the other side to take it.
    held: AtomicBool,
    /// Something came since this was looked at.
    came: AtomicBool,
    /// Something was sent since this was looked at.
    sent: AtomicBool,
}

/// A body, as long as more of it is waited for.
struct Coming(UnderWay);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.0.bodies.fetch_sub(1, Ordering::AcqRel);
    }
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

    /// Bytes came.
    pub fn receives(&self) {
        self.0.came.store(true, Ordering::Relaxed);
    }

    /// Ends when the process was told to stop and nothing of the connection is under way any more, or only what waits for
    /// the other side and has not moved twice as long.
    pub async fn over(self, mut stopped: watch::Receiver<bool>) {
        if stopped.wait_for(|stopped| *stopped).await.is_err() {
            return;
        }
        let mut stood_still = false;
        loop {
            tokio::time::sleep(LAST).await;
            let held = self.0.held.load(Ordering::Relaxed);
            let waits = held || self.0.bodies.load(Ordering::Acquire) > 0;
            let came = self.0.came.swap(false, Ordering::Relaxed);
            let sent = self.0.sent.swap(false, Ordering::Relaxed);
            let is_idle = self.0.requests.load(Ordering::Acquire) == 0 && !held && !sent;
            let stands_still = !came && !sent;
            if is_idle || (waits && stands_still && stood_still) {
                return;
            }
            stood_still = stands_still;
        }
    }

    /// The body, of which is known when more is waited for.
    pub(super) fn watched(&self, body: Body) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let (under_way, mut parts, mut coming) = (self.clone(), body.into_data_stream(), None);
        Body::from_stream(stream::poll_fn(move |context| {
            let next = parts.poll_next_unpin(context);
            match next {
                Poll::Pending => {
                    coming.get_or_insert_with(|| under_way.comes());
                }
                Poll::Ready(_) => coming = None,
            }
            next
        }))
    }

    fn comes(&self) -> Coming {
        self.0.bodies.fetch_add(1, Ordering::AcqRel);
        Coming(self.clone())
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
    next.run(request.map(|body| connection.watched(body))).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use tokio::time::Instant;

    /// Seconds from a stop until a connection ends whose handler has read so much of that body and works on until then.
    async fn lasts(body: Body, works: u64) -> u64 {
        let under_way = UnderWay::default();
        let (stop, stopped) = watch::channel(false);
        let (asked, body) = (under_way.asked(), under_way.watched(body));
        tokio::spawn(async move {
            let _asked = asked;
            let _read: Vec<_> = body.into_data_stream().collect().await;
            tokio::time::sleep(Duration::from_secs(works)).await;
        });
        tokio::task::yield_now().await;
        stop.send_replace(true);
        let begun = Instant::now();
        tokio::time::timeout(LAST * 20, under_way.over(stopped)).await.expect("an end");
        begun.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stopped_coming_is_not_waited_for() {
        let last = LAST.as_secs();
        let part = stream::iter([Ok::<_, Infallible>("a part")]);
        assert_eq!(lasts(Body::from_stream(part.clone().chain(stream::pending())), 0).await, 2 * last);
        assert_eq!(
            lasts(Body::from_stream(part), 5 * last + 1).await,
            6 * last,
            "who has all of it is at work"
        );
    }
}
