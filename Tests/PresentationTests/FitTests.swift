import Presentation
import Testing

struct FitTests {
    private static let rows: [(observed: [Int], expected: [Double], words: String)] = [
        ([500, 500], [0.5, 0.5], "FIT ok"), ([530, 470], [0.5, 0.5], "FIT ok"), ([600, 400], [0.5, 0.5], "FIT no"),
        ([34, 33, 33], [1.0 / 3, 1.0 / 3, 1.0 / 3], "FIT ok"), ([3, 1], [0.5, 0.5], "too few"),
        // An endpoint that nothing should go to.
        ([990, 10], [1, 0], "FIT no"), ([1000, 0], [1, 0], "FIT ok"),
    ]

    @Test("counts fit shares, but for what chance does not do in 99 of 100 cases", arguments: rows)
    func fit(observed: [Int], expected: [Double], words: String) throws {
        #expect(try #require(Fit(observed: observed, expected: expected)).words.hasPrefix(words))
    }

    @Test("nothing observed fits nothing")
    func empty() { #expect(Fit(observed: [0, 0], expected: [0.5, 0.5]) == nil) }
}
