// SPDX-License-Identifier: Apache-2.0
#include "build/shell_commands.h"

#include <algorithm>
#include <array>

namespace bulkhead::build {

namespace {

constexpr std::array<std::string_view, 16> reserved = {"if",    "then", "else", "elif", "fi",   "do",  "done", "while",
                                                       "until", "{",    "}",    "!",    "esac", "for", "case", "in"};
// Programs that run the command behind them.
constexpr std::array<std::string_view, 12> runners = {"sudo",  "env",   "time",      "exec", "command", "nice",
                                                      "nohup", "xargs", "eatmydata", "gosu", "su-exec", "builtin"};

bool is_in(const auto& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool is_assignment(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) return false;
    return word.substr(0, equals).find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+") == std::string_view::npos;
}

struct RawWord {
    std::string text;
    std::size_t offset = 0;
    bool literal = true;
};

class Splitter {
  public:
    Splitter(std::string_view text, std::size_t base, int depth, std::size_t& pipelines, ShellCommands& out)
        : text_(text), base_(base), depth_(depth), pipelines_(pipelines), out_(out) {}

    void run() {
        pipeline_ = pipelines_++;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == ' ' || c == '\t' || c == '\r') {
                ++at_;
            } else if (c == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
                at_ += 2;
            } else if (c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
                take_operator(c);
            } else if (c == '<' || c == '>') {
                take_redirection();
            } else {
                words_.push_back(take_word());
            }
        }
        end_command(false);
    }

  private:
    void take_operator(char c) {
        const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
        if (c == '&' && at_ + 1 < text_.size() && text_[at_ + 1] == '>') {  // &> file
            ++at_;
            take_redirection();
            return;
        }
        const bool pipe = c == '|' && !doubled;
        at_ += doubled ? 2 : 1;
        if (pipe && at_ < text_.size() && text_[at_] == '&') ++at_;
        end_command(pipe);
    }

    // The mark and the word behind it are no words of the command.
    void take_redirection() {
        while (at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>' || text_[at_] == '&' || text_[at_] == '-')) {
            if (text_[at_] == '<' && at_ + 1 < text_.size() && text_[at_ + 1] == '(') {
                ++at_;
                return;  // <(command)
            }
            ++at_;
        }
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
        if (at_ < text_.size() && text_[at_] != '\n') (void)take_word();
        if (!words_.empty() && words_.back().text.find_first_not_of("0123456789") == std::string::npos && words_.size() > 1) words_.pop_back();  // 2>
    }

    RawWord take_word() {
        RawWord word{"", at_, true};
        const std::size_t start = at_;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (std::string_view(" \t\r\n;&|()<>").find(c) != std::string_view::npos) break;
            if (c == '\'') {
                const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
                word.text += text_.substr(at_ + 1, end - at_ - 1);
                at_ = std::min(end + 1, text_.size());
            } else if (c == '"') {
                take_double_quoted(word);
            } else if (c == '\\') {
                if (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') word.text += text_[at_ + 1];
                at_ = std::min(at_ + 2, text_.size());
            } else {
                take_plain(word);
            }
        }
        if (at_ == start) ++at_;
        return word;
    }

    void take_double_quoted(RawWord& word) {
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                word.text += text_[at_ + 1];
                at_ += 2;
            } else {
                take_plain(word);
            }
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    // One character, or a whole substitution, whose commands count too.
    void take_plain(RawWord& word) {
        const char c = text_[at_];
        if (c == '$') word.literal = false;
        if (c == '`' || (c == '$' && at_ + 1 < text_.size() && text_[at_ + 1] == '(')) {
            word.literal = false;
            const std::size_t open = at_ + (c == '`' ? 1 : 2);
            const std::size_t end = c == '`' ? std::min(text_.find('`', open), text_.size()) : closing(open);
            nested(text_.substr(open, end - open), open);
            word.text += text_.substr(at_, std::min(end + 1, text_.size()) - at_);
            at_ = std::min(end + 1, text_.size());
            return;
        }
        word.text += c;
        ++at_;
    }

    [[nodiscard]] std::size_t closing(std::size_t from) const {
        int open = 1;
        char quote = '\0';
        for (std::size_t i = from; i < text_.size(); ++i) {
            const char c = text_[i];
            if (c == '\\' && quote != '\'') {
                ++i;
            } else if (quote != '\0') {
                if (c == quote) quote = '\0';
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                ++open;
            } else if (c == ')' && --open == 0) {
                return i;
            }
        }
        return text_.size();
    }

    void nested(std::string_view text, std::size_t offset) {
        if (depth_ == shell_depth_max) {
            out_.complete = false;
            return;
        }
        Splitter(text, base_ + offset, depth_ + 1, pipelines_, out_).run();
    }

    void end_command(bool pipe) {
        std::size_t first = 0;
        while (first < words_.size() && (is_in(reserved, words_[first].text) || is_assignment(words_[first].text))) {
            // `for x in ...` and `case x in`: what stands up to the end names no command.
            const bool list = words_[first].text == "for" || words_[first].text == "case";
            first = list ? words_.size() : first + 1;
        }
        const bool named = first < words_.size();
        while (first < words_.size()) {
            add(first, reads_pipe_);
            if (!is_in(runners, out_.commands.empty() ? std::string_view() : std::string_view(out_.commands.back().name))) break;
            ++first;
            while (first < words_.size() && (words_[first].text.starts_with('-') || is_assignment(words_[first].text))) ++first;
        }
        // sh -c 'commands'
        if (named && !out_.commands.empty() && depth_ < shell_depth_max) inner_shell();
        words_.clear();
        reads_pipe_ = pipe;
        if (!pipe) pipeline_ = pipelines_++;
    }

    void inner_shell() {
        constexpr std::array<std::string_view, 7> shells = {"sh", "bash", "dash", "ash", "zsh", "ksh", "su"};
        const ShellCommand last = out_.commands.back();
        if (!is_in(shells, last.name) || last.offset < base_) return;
        for (std::size_t i = 0; i + 1 < last.words.size(); ++i) {
            const std::string& word = last.words[i];
            if (!word.starts_with('-') || word.starts_with("--") || !word.ends_with('c')) continue;
            // Places inside are those of the shell's own name: quotes and escapes have moved them.
            ShellCommands inner;
            Splitter(last.words[i + 1], 0, depth_ + 1, pipelines_, inner).run();
            for (ShellCommand& command : inner.commands) {
                command.offset = last.offset;
                if (out_.commands.size() == shell_commands_max) break;
                out_.commands.push_back(std::move(command));
            }
            return;
        }
    }

    void add(std::size_t first, bool reads) {
        if (out_.commands.size() == shell_commands_max) {
            out_.complete = false;
            return;
        }
        ShellCommand command;
        const RawWord& name = words_[first];
        const std::size_t slash = name.text.rfind('/');
        command.name = slash == std::string::npos || !name.literal ? name.text : name.text.substr(slash + 1);
        command.offset = base_ + name.offset;
        command.pipeline = pipeline_;
        command.reads_pipe = reads;
        command.literal = name.literal;
        for (std::size_t i = first + 1; i < words_.size(); ++i) command.words.push_back(words_[i].text);
        out_.commands.push_back(std::move(command));
    }

    std::string_view text_;
    std::size_t base_;
    int depth_;
    std::size_t& pipelines_;
    ShellCommands& out_;
    std::size_t at_ = 0;
    std::size_t pipeline_ = 0;
    bool reads_pipe_ = false;
    std::vector<RawWord> words_;
};

}  // namespace

ShellCommands split_commands(std::string_view text) {
    ShellCommands out;
    std::size_t pipelines = 0;
    Splitter(text, 0, 0, pipelines, out).run();
    return out;
}

}  // namespace bulkhead::build
