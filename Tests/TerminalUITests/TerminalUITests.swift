import Testing

@Suite("TerminalUI") struct TerminalUITests {}
