import EnvoyModel
import TrafficEngine

/// Which share of requests each endpoint of a cluster is to get, by the engine.
enum PredictedShares {
    /// More clusters than this are not computed ahead.
    private static let limit = 2_000

    static func all(of snapshot: XDSSnapshot) -> [String: [Double]] { [:] }
}
