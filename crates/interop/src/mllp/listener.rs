//! Accepts connections, at most so many at once, and ends them in order when told to stop.

use super::connection::{Door, converse};
use super::counters::count;
use super::inbox::Inbox;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Serves until `stop` turns true (or its sender is gone). Connections then finish the message they hold, through its
/// acknowledgement, within the drain time; those that are slower are cut, unacknowledged.
///
/// # Errors
/// When the listening socket fails for good.
pub async fn serve<I: Inbox>(
    listener: TcpListener,
    door: Arc<Door<I>>,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) if connections.len() < door.options.connections => {
                // Acknowledgements are small and waited for: send them at once.
                let _ = stream.set_nodelay(true);
                let (door, stop) = (Arc::clone(&door), stop.clone());
                connections.spawn(async move { converse(stream, peer, &door, stop).await });
            }
            Ok((_, peer)) => {
                count(&door.counters.refused);
                tracing::warn!(%peer, "too many connections: turned one away");
            }
            Err(error) if is_passing(&error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => return Err(error),
        }
    }
    let drain = Duration::from_millis(door.options.drain_timeout_ms);
    let _ = tokio::time::timeout(drain, async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
    Ok(())
}

/// Whether accepting may work again: the connection went away, or this process is out of file descriptors.
fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    const NO_DESCRIPTORS: [i32; 2] = [23, 24];
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
            | ErrorKind::WouldBlock
    ) || error.raw_os_error().is_some_and(|number| NO_DESCRIPTORS.contains(&number))
}
