//! Reading a request's body within its limits of size and patience.

use super::refusal::Refusal;
use super::state::Limits;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use fhir::issue::{Issue, IssueCode};
use futures_util::StreamExt as _;
use std::time::Duration;

/// An oversize body is read on, and thrown away, up to this many times the limit: a client that is still sending would
/// otherwise see a broken connection in place of the answer.
const PATIENCE: usize = 4;

/// The body's bytes.
///
/// # Errors
/// 413 beyond the limit, 408 when the client falls silent, 400 when it stops too early.
pub(super) async fn read(limits: &Limits, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let limit = limits.body_bytes;
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let oversize = announced.is_some_and(|length| length > limit);
    if oversize && headers.contains_key(header::EXPECT) {
        // The client waits for leave to send: none is given by not reading.
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(limit).min(1 << 20));
    let mut taken = 0usize;
    let mut chunks = body.into_data_stream();
    let silence = Duration::from_millis(limits.silence_ms);
    while let Some(chunk) = tokio::time::timeout(silence, chunks.next()).await.map_err(|_| silent())? {
        let chunk = chunk.map_err(|_| broken_off())?;
        taken = taken.saturating_add(chunk.len());
        if taken > limit.saturating_mul(PATIENCE) {
            break;
        }
        if oversize || taken > limit {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    if oversize || taken > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn too_large(limit: usize) -> Refusal {
    let issue = Issue::error(IssueCode::TooLong, format!("the body is larger than {limit} bytes"));
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, issue)
}

fn silent() -> Refusal {
    let issue = Issue::error(IssueCode::Timeout, "the body did not arrive in time");
    Refusal::new(StatusCode::REQUEST_TIMEOUT, issue)
}

fn broken_off() -> Refusal {
    Refusal::bad_request(Issue::error(IssueCode::Structure, "the body ended too early"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use futures_util::stream;

    fn limits() -> Limits {
        Limits { body_bytes: 10, silence_ms: 1_000, ..Limits::default() }
    }

    async fn status_of(chunks: Vec<&'static str>, headers: &[(header::HeaderName, &str)]) -> u16 {
        let chunks = chunks.into_iter().map(|chunk| Ok::<_, std::io::Error>(Bytes::from(chunk)));
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        match read(&limits(), &headers, Body::from_stream(stream::iter(chunks))).await {
            Ok(_) => 200,
            Err(refusal) => refusal.status.as_u16(),
        }
    }

    #[tokio::test]
    async fn the_limit_holds_with_and_without_a_length() {
        assert_eq!(status_of(vec!["12345", "67890"], &[]).await, 200);
        assert_eq!(status_of(vec!["12345", "678901"], &[]).await, 413);
        assert_eq!(status_of(vec!["123"; 100], &[]).await, 413);
        assert_eq!(status_of(vec!["123"], &[(header::CONTENT_LENGTH, "99")]).await, 413);
        let expecting = [(header::CONTENT_LENGTH, "99"), (header::EXPECT, "100-continue")];
        assert_eq!(status_of(vec!["123"], &expecting).await, 413);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_is_not_waited_for() {
        let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from("1"))]);
        let body = Body::from_stream(first.chain(stream::pending()));
        assert_eq!(read(&limits(), &HeaderMap::new(), body).await.unwrap_err().status.as_u16(), 408);
    }

    #[tokio::test]
    async fn a_broken_body_is_refused() {
        let broken = stream::iter([Ok(Bytes::from("1")), Err(std::io::Error::other("gone"))]);
        let refusal = read(&limits(), &HeaderMap::new(), Body::from_stream(broken)).await.unwrap_err();
        assert_eq!(refusal.status.as_u16(), 400);
    }
}
