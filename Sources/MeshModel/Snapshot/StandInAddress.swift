/// The address that stands for a host name which istiod would ask the DNS for: always the same, of the range for tests
/// (198.18.0.0/15).
package func standInAddress(ofName name: String) -> String {
    let offset = UInt32(truncatingIfNeeded: stableHash(name.lowercased())) % (2 * 256 * 256)
    return "198.\(18 + offset / 65536).\(offset / 256 % 256).\(offset % 256)"
}
