/// How well counts fit shares.
package struct Fit: Sendable {
    package let chiSquare: Double
    package let isGood: Bool
    package let isEnough: Bool

    /// Pearson's test at 1 %, of the endpoints that expect something; too few requests say nothing.
    package init?(observed: [Int], expected: [Double]) {
        let total = observed.reduce(0, +)
        let open = zip(observed, expected).filter { $0.1 > 0 }
        guard total > 0, open.count > 0, observed.count == expected.count else { return nil }
        isEnough = open.allSatisfy { $0.1 * Double(total) >= 5 }
        var sum = 0.0
        for (count, share) in open {
            let wanted = share * Double(total)
            sum += (Double(count) - wanted) * (Double(count) - wanted) / wanted
        }
        chiSquare = sum
        let stray = zip(observed, expected).contains { $0.1 == 0 && $0.0 > 0 }
        // Wilson and Hilferty: the 99 % point of chi-square with k degrees of freedom.
        let degrees = Double(max(1, open.count - 1))
        let term = 1 - 2 / (9 * degrees) + 2.326 * (2 / (9 * degrees)).squareRoot()
        isGood = !stray && (open.count == 1 || sum <= degrees * term * term * term)
    }

    package var words: String {
        !isEnough ? "too few requests to tell" : isGood ? "FIT ok" : "FIT no: other shares than predicted (MT0402)"
    }
}
