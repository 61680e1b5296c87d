using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Lite.Tests
{
    /// <summary>Reads JSON into dictionaries, lists, strings, doubles, bools and nulls. The runtimes of the tests share no reader.</summary>
    internal sealed class Json
    {
        private readonly string _text;
        private int _at;

        private Json(string text)
        {
            _text = text;
        }

        internal static object Parse(string text)
        {
            var reader = new Json(text);
            object value = reader.Value();
            if (reader.Next() != '\0')
            {
                throw reader.Wrong();
            }

            return value;
        }

        private object Value()
        {
            switch (Next())
            {
                case '{': return Object();
                case '[': return List();
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        private Dictionary<string, object> Object()
        {
            var members = new Dictionary<string, object>();
            ++_at;
            while (Next() != '}')
            {
                string key = Text();
                Take(':');
                members.Add(key, Value());
                Separate('}');
            }

            ++_at;
            return members;
        }

        private List<object> List()
        {
            var elements = new List<object>();
            ++_at;
            while (Next() != ']')
            {
                elements.Add(Value());
                Separate(']');
            }

            ++_at;
            return elements;
        }

        private string Text()
        {
            Take('"');
            var text = new StringBuilder();
            while (_text[_at] != '"')
            {
                char c = _text[_at++];
                if (c == '\\')
                {
                    c = _text[_at++];
                    if (c == 'u')
                    {
                        c = (char)int.Parse(_text.Substring(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                        _at += 4;
                    }
                    else
                    {
                        int known = "bfnrt".IndexOf(c);
                        c = known < 0 ? c : "\b\f\n\r\t"[known];
                    }
                }

                text.Append(c);
            }

            ++_at;
            return text.ToString();
        }

        private double Number()
        {
            int start = _at;
            while (_at < _text.Length && "+-.0123456789eE".IndexOf(_text[_at]) >= 0)
            {
                ++_at;
            }

            return double.Parse(_text.Substring(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
            {
                throw Wrong();
            }

            _at += word.Length;
            return value;
        }

        private char Next()
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            {
                ++_at;
            }

            return _at < _text.Length ? _text[_at] : '\0';
        }

        private void Take(char c)
        {
            if (Next() != c)
            {
                throw Wrong();
            }

            ++_at;
        }

        private void Separate(char end)
        {
            if (Next() != end)
            {
                Take(',');
            }
        }

        private FormatException Wrong()
        {
            return new FormatException("this is not JSON at character " + _at);
        }
    }
}
