//! A rerun viewer at an address. In -> out: messages -> the viewer's gRPC service (`rerun.sdk_comms.v1alpha1.MessageProxyService`), after all
//! that holds. A viewer that is absent or goes away is looked for again every second; rows of that time are left out.
//!
//! Plain HTTP/2, as the viewer speaks it: no encryption, no proof of who it is.

use super::queue::{Batch, Queue};
use super::report::Report;
use crate::RrdError;
use re_log_encoding::ToTransport as _;
use re_log_encoding::rrd::Compression;
use re_log_types::LogMsg;
use re_protos::log_msg::v1alpha1::LogMsg as Sent;
use re_protos::sdk_comms::v1alpha1::WriteMessagesRequest;
use re_protos::sdk_comms::v1alpha1::message_proxy_service_client::MessageProxyServiceClient;
use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};

/// A connection that takes longer to come about is none.
const CONNECT: Duration = Duration::from_secs(2);

/// A viewer that does not answer for that long is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Between two attempts to connect.
const RETRY: Duration = Duration::from_secs(1);

/// What the viewer may still take after the end.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The address.
pub(crate) struct Viewer {
    address: String,
    endpoint: Endpoint,
}

impl Viewer {
    /// The viewer at `host:port`.
    pub(crate) fn at(address: &str) -> Result<Self, RrdError> {
        let is_plain =
            !address.contains('/') && address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        let endpoint = Endpoint::from_shared(format!("http://{address}")).ok().filter(|_| is_plain);
        let endpoint = endpoint.ok_or_else(|| RrdError::Address { address: address.to_owned() })?;
        let endpoint = endpoint.connect_timeout(CONNECT).http2_keep_alive_interval(KEEP_ALIVE).keep_alive_timeout(KEEP_ALIVE);
        Ok(Self { address: address.to_owned(), endpoint: endpoint.keep_alive_while_idle(true) })
    }

    /// Sends what comes until the queue is closed.
    pub(crate) async fn run(self, queue: Arc<Queue>, report: Arc<Report>) {
        report.to(format!("viewer at {}", self.address));
        while !queue.is_closed() {
            let ended = match self.endpoint.connect().await {
                Ok(channel) => self.talk(channel, &queue, &report).await,
                Err(error) => Err(format!("no viewer at {}: {}", self.address, cause(&error))),
            };
            match ended {
                Ok(()) => return,
                Err(fault) => drop(report.fault(fault)),
            }
            // The wait ends early when there is nothing more to wait for.
            let _ = timeout(RETRY, queue.closed()).await;
        }
    }

    /// One connection, from the head to the last message.
    async fn talk(&self, channel_to: Channel, queue: &Arc<Queue>, report: &Arc<Report>) -> Result<(), String> {
        queue.restart();
        // One: what waits, waits in the queue, where the newest wins.
        let (sender, receiver) = channel(1);
        let mut client = MessageProxyServiceClient::new(channel_to);
        let mut sent = pin!(client.write_messages(ReceiverStream::new(receiver)));
        let fed = feed(Arc::clone(queue), sender, Arc::clone(report));
        let ended = tokio::select! {
            ended = &mut sent => ended,
            () = fed => match timeout(LAST_WORDS, sent).await {
                Ok(ended) => ended,
                Err(_) => return Err(format!("the viewer at {} did not take the end of the recording", self.address)),
            },
        };
        match ended {
            Ok(_) if queue.is_closed() => Ok(()),
            Ok(_) => Err(format!("the viewer at {} closed the connection", self.address)),
            Err(status) => Err(format!("the viewer at {} went away: {}", self.address, status.message())),
        }
    }
}

/// Hands messages over as fast as the connection takes them.
async fn feed(queue: Arc<Queue>, sender: Sender<WriteMessagesRequest>, report: Arc<Report>) {
    while let Some(batch) = queue.next().await {
        let messages = match batch {
            Batch::Head(head) => head,
            Batch::One(message) => vec![message],
        };
        for message in messages {
            let Some(request) = request(&message, &report) else { continue };
            if sender.send(request).await.is_err() {
                // The connection is gone; its fault is said by who waits for the answer.
                return sleep(RETRY).await;
            }
            report.sent(1);
        }
    }
}

fn request(message: &LogMsg, report: &Report) -> Option<WriteMessagesRequest> {
    match message.to_transport(Compression::LZ4) {
        Ok(message) => Some(WriteMessagesRequest { log_msg: Some(Sent { msg: Some(message) }) }),
        Err(error) => {
            report.fault(format!("a row has no form for the viewer: {error}"));
            None
        }
    }
}

/// The innermost reason; the outer ones say "transport error".
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        for good in ["127.0.0.1:9876", "localhost:1", "[::1]:9876", "robot.local:65535"] {
            assert!(Viewer::at(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "127.0.0.1",
            ":9876",
            "host:port",
            "host:70000",
            "http://host:9876",
            "rerun+http://127.0.0.1:9876/proxy",
            "a b:1",
            "host:1/x",
        ] {
            let error = Viewer::at(bad).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("host:port"), "{bad}: {error}");
        }
    }
}
