import ProxyCore

/// The transport under one of the core's connections.
protocol Carrier: AnyObject {
    /// Sends what the connection's output holds.
    func flush(_ core: ProxyWorker)
    func setReading(_ isOn: Bool)
    /// Sends what is left, then ends.
    func end(_ kind: CarrierEnd)
    func close()
}

enum CarrierEnd {
    /// Only the sending side.
    case shutdown
    case close
}
