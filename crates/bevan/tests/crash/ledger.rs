//! What the outside world was told. Only what was acknowledged or served stands here, apart from attempts, which may
//! have either outcome but nothing between.

/// The ledger.
#[derive(Default)]
pub struct Ledger {
    /// Ids of resources whose creation was answered 201.
    pub creates: Vec<String>,
    /// How many of `creates` were compared after a restart.
    pub creates_checked: usize,
    /// Transactions that were sent.
    pub transactions: Vec<Transaction>,
    /// How many of them were compared.
    pub transactions_checked: usize,
    /// Control ids of messages that were acknowledged.
    pub messages: Vec<String>,
    /// Messages that were sent and not acknowledged: a sender repeats them.
    pub unanswered: Vec<Vec<u8>>,
    /// Request ids of reads that were served.
    pub reads: Vec<String>,
}

/// A transaction of [`PARTS`] resources that share an identifier.
pub struct Transaction {
    /// The identifier.
    pub marker: String,
    /// Whether it was answered 200.
    pub acknowledged: bool,
}

/// Resources in a transaction.
pub const PARTS: u64 = 3;

impl Ledger {
    /// Adds what one client saw.
    pub fn add(&mut self, other: Ledger) {
        self.creates.extend(other.creates);
        self.transactions.extend(other.transactions);
        self.messages.extend(other.messages);
        self.unanswered.extend(other.unanswered);
        self.reads.extend(other.reads);
    }
}
