package import Documents

/// One line of `proxy-config ecds`.
package struct ECDSRow: Hashable, Sendable {
    package var name: String
    package var type: String

    /// `ECDS NAME TYPE`.
    package static let table = Table<ECDSRow>(
        padding: 5, [Column("ECDS NAME") { $0.name }, Column("TYPE") { $0.type }])

    /// Of `ecdsFilters` in istioctl's names, sorted by type and name.
    package static func rows(of filters: [JSON]) -> [ECDSRow] {
        filters.map { filter in
            let config = filter["ecdsFilter"]
            let type = config?["typedConfig"]?["@type"]?.string ?? ""
            let prefix = "type.googleapis.com/"
            return ECDSRow(
                name: config?["name"]?.string ?? "",
                type: type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type)
        }.stablySorted {
            $0.type != $1.type ? $0.type.precedesBytewise($1.type) : $0.name.precedesBytewise($1.name)
        }
    }
}
