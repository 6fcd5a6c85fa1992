import ArgumentParser
import TerminalUI

/// `meshtop themes`: what there is, and whether it can be read.
struct Themes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The themes found and where; --check computes their contrast.")

    @Flag(help: "Compute the contrast of every pair of colours (WCAG 2.1); exit 1 when one of ours fails.")
    var check = false

    func run() throws {
        let catalog = ThemeFiles.catalog()
        let width = catalog.names.reduce(4) { max($0, $1.count) } + 2
        var isBad = false
        for entry in catalog.entries {
            let reading = catalog.theme(entry.name)
            let pad = String(repeating: " ", count: width - entry.name.count)
            let place = entry.file ?? "built in"
            guard check else {
                Console.write("\(entry.name)\(pad)\(reading.theme.variant.rawValue)\t\(place)\n")
                continue
            }
            let problems = reading.theme.contrastProblems
            Console.write("\(entry.name)\(pad)\(problems.isEmpty ? "ok" : "\(problems.count) pairs too faint")\n")
            for problem in problems {
                let ratio = Double(Int(problem.ratio * 100)) / 100
                Console.write(
                    "  \(problem.role.rawValue) on \(problem.on.rawValue): \(ratio):1, wanted \(problem.wanted):1\n")
            }
            for warning in reading.warnings { Console.error("warning: \(warning)") }
            if entry.file == nil, !problems.isEmpty { isBad = true }
        }
        if isBad { throw ExitCode(1) }
    }
}
