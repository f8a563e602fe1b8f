package main

import (
	"errors"
	"sort"

	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	"github.com/zmap/zlint/v3/lint"
)

type finding struct {
	Name    string `json:"name"`
	Level   string `json:"level"`
	Details string `json:"details"`
}

// lintCertificate runs zlint with the lints of the named sources (RFC5280 ...) and answers all that is not a pass.
func lintCertificate(asked question) (any, error) {
	if len(asked.Sources) == 0 {
		return nil, errors.New("no sources named")
	}
	sources := lint.SourceList{}
	for _, name := range asked.Sources {
		var source lint.LintSource
		source.FromString(name)
		if source == lint.UnknownLintSource {
			return nil, errors.New("unknown source " + name)
		}
		sources = append(sources, source)
	}
	registry, err := lint.GlobalRegistry().Filter(lint.FilterOptions{IncludeSources: sources})
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(asked.DER)
	if err != nil {
		return nil, err
	}
	findings := []finding{}
	for name, result := range zlint.LintCertificateEx(c, registry).Results {
		if result.Status > lint.Pass {
			findings = append(findings, finding{name, result.Status.String(), result.Details})
		}
	}
	sort.Slice(findings, func(i, j int) bool { return findings[i].Name < findings[j].Name })
	return map[string]any{"lints": len(registry.Names()), "findings": findings}, nil
}
