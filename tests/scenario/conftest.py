import pytest

STRAIT = """\
crisis: strait-2031
title: The strait crisis
sources:
  - {id: essay, cite: "An essay", date: 2031-04-02}
actors:
  aland:
    role: principal
    private: {war_cost: {low: 0.10, high: 0.40, chance_high: 0.5}}
  bland:
    role: principal
    private: {war_cost: {between: [0.1, 0.5]}}
  union: {role: mediator}
  cland: {role: third party, sides_with: bland, stake_weight: 0.3}
stake: {name: control of the strait, first: aland, status_quo: 0.5}
turns: {first: aland, each: 2}
start: {rung: talks}
delay_cost: 0.01 to 0.03
no_deal: {cost: 0.02}
ladder:
  - talks
  - ultimatum:      {audience_cost: 0.15}
  - mobilisation:
      sunk_cost: {value: 0.03, because: "a month of readiness", source: essay}
      audience_cost: {aland: 0.10, bland: 0.05 to 0.15}
      risk: 0.01
  - limited strike: {sunk_cost: 0.08, risk: 0.08}
  - war
war: {win_chance: 0.55 to 0.70, first_strike: 0.05, shift_per_turn: -0.02}
offers: {shares: [0.45, 0.5, 0.55, 0.6], each: 2}
mechanisms:
  - mediator: {actor: union, proposes: 0.55, at_turns: [2], attention: 0.8, face_saving: 0.1}
  - spoiler:  {actor: cland, wrecks: 0.6, gains: 0.2}
  - ratification: {of: bland, share_needed: {values: [0.3, 0.5], prior: [0.6, 0.4]}}
levers:
  mediator.face_saving: {from: 0, to: 0.3, difficulty: 1}
  war.first_strike:     {from: 0, to: 0.05, difficulty: 3}
claims:
  - id: must-strike
    says: Having mobilised, aland must strike or lose.
    source: essay
    holds_if: value(aland, attack) > best_other(aland, attack) after aland.mobilisation
"""


@pytest.fixture
def strait() -> str:
    """The worked example: one of everything that the schema itself knows."""
    return STRAIT
