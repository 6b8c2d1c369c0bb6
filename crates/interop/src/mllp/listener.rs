//! Accepts connections, at most so many at once and from one address, and ends them in order when told to stop.

use super::connection::{Door, converse};
use super::counters::count;
use super::inbox::Inbox;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

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
    let mut peers = Peers::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        while let Some(ended) = connections.try_join_next_with_id() {
            peers.ended(ended.map_or_else(|error| error.id(), |(id, _)| id));
        }
        match accepted {
            Ok((_, peer)) if peers.open(peer.ip()) >= door.options.connections_of_one => {
                count(&door.counters.refused);
                tracing::warn!(%peer, "too many connections from one address: turned one away");
            }
            Ok((stream, peer)) if connections.len() < door.options.connections => {
                // Acknowledgements are small and waited for: send them at once.
                let _ = stream.set_nodelay(true);
                let (door, stop) = (Arc::clone(&door), stop.clone());
                let task = connections.spawn(async move { converse(stream, peer, &door, stop).await });
                peers.began(task.id(), peer.ip());
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

/// How many connections each address has.
#[derive(Default)]
struct Peers {
    of_task: HashMap<Id, IpAddr>,
    open: HashMap<IpAddr, usize>,
}

impl Peers {
    fn open(&self, peer: IpAddr) -> usize {
        self.open.get(&peer.to_canonical()).copied().unwrap_or_default()
    }

    fn began(&mut self, task: Id, peer: IpAddr) {
        let peer = peer.to_canonical();
        self.of_task.insert(task, peer);
        *self.open.entry(peer).or_default() += 1;
    }

    fn ended(&mut self, task: Id) {
        if let Some(peer) = self.of_task.remove(&task)
            && let Entry::Occupied(mut open) = self.open.entry(peer)
        {
            *open.get_mut() -= 1;
            if *open.get() == 0 {
                open.remove();
            }
        }
    }
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
