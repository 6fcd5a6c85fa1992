/// A word before expansion.
struct ShellWord: Sendable {
    enum Part: Sendable {
        case text(String, quoted: Bool)
        case parameter(ShellParameter, quoted: Bool)
        /// `$(…)` or backticks.
        case output([ShellStatement], source: String, quoted: Bool)
        /// `{a,b}` or `{1..3}` without quotes.
        case braces([[ShellWord.Part]])
    }

    var parts: [Part]
    var place: TextPlace

    /// The word when it has nothing to expand.
    var literal: String? {
        var text = ""
        for part in parts {
            guard case .text(let piece, _) = part else { return nil }
            text += piece
        }
        return text
    }

    /// The word when no part is quoted and nothing is to be expanded: only such a word can be a keyword.
    var keyword: String? {
        guard parts.count == 1, case .text(let text, quoted: false) = parts[0] else { return nil }
        return text
    }
}

/// `$NAME`, `${NAME:-word}` and the like.
struct ShellParameter: Sendable {
    enum Operation: Sendable {
        case value
        case length
        /// `:-`, `-`: the word when unset (with the colon also when empty).
        case fallback(ShellWord, emptyToo: Bool)
        case assign(ShellWord, emptyToo: Bool)
        case require(ShellWord, emptyToo: Bool)
        case alternative(ShellWord, emptyToo: Bool)
        case removeSuffix(ShellWord, longest: Bool)
        case removePrefix(ShellWord, longest: Bool)
    }

    var name: String
    var operation: Operation
    var place: TextPlace
}

struct ShellRedirection: Sendable {
    /// `<`, `>`, `>>`, `&>`, `<<`, `<<<`, `>&` …
    var kind: String
    var target: ShellWord
    /// The text of a here-document.
    var body: ShellWord?
}

struct ShellSimpleCommand: Sendable {
    var assignments: [(name: String, value: ShellWord)] = []
    var words: [ShellWord] = []
    var redirections: [ShellRedirection] = []
}

/// A pipeline with what joins it to the one before.
struct ShellStatement: Sendable {
    enum Connector: Sendable { case always, onSuccess, onFailure, background }
    indirect enum Command: Sendable {
        case simple(ShellSimpleCommand)
        case group([ShellStatement])
        case forLoop(variable: String, words: [ShellWord]?, body: [ShellStatement])
        /// `while` and `until`: how often is not known.
        case whileLoop(condition: [ShellStatement], body: [ShellStatement])
        case choice(branches: [[ShellStatement]])
    }

    var connector: Connector
    var pipeline: [Command]
}
