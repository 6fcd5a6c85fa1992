package import Documents

/// `config.core.v3.Metadata`: `filter_metadata` by filter name, each a Struct.
package struct Metadata: Hashable, Sendable {
    package var filterMetadata: [String: JSON]

    package init(_ filterMetadata: [String: JSON] = [:]) { self.filterMetadata = filterMetadata }

    package var isEmpty: Bool { filterMetadata.isEmpty }

    /// `filter_metadata.istio.config`: the path of the object that a route or cluster was made from.
    package var istioConfig: JSON? { filterMetadata["istio"]?["config"] }
}
