/// The transport under a connection of the core.
package protocol Carrier: AnyObject {
    /// Sends what the connection's output holds.
    func flush(_ core: ProxyWorker)
    func setReading(_ isOn: Bool)
    /// Sends what is left, then ends.
    func end(_ kind: CarrierEnd)
    func close()
}

package enum CarrierEnd: Sendable {
    /// Only the sending side.
    case shutdown
    case close
}
