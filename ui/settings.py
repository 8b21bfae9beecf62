"""Settings: the one file that reads the environment. Doors read them once and pass them on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from vectorstore.errors import InputError


class Settings(BaseSettings):
    """Everything that can be set from outside; each has a default that works."""

    model_config = SettingsConfigDict(env_prefix="KEPU_", env_file=".env", extra="ignore", env_ignore_empty=True)

    home: Path = Field(default=Path.home() / ".local/share/kepu", description="数据文件夹")
    today: date | None = Field(default=None, description="代替今天的日期，供核对用")
    home_region: str | None = Field(default=None, description="没有点名时，先查哪个地区的通知")
    embedding: str | None = Field(default=None, description="sentence-transformers 模型的名字或文件夹；不填用自带的")
    department: str | None = Field(default=None, description="“我单位”指哪个部门（会话里没有说过时）")
    public_url: str | None = Field(default=None, description="别人打开网页用的地址，印在讲义的二维码里")
    admin_password: SecretStr | None = Field(default=None, description="管理页的密码；不填就没有管理页")
    llm_base_url: str | None = Field(default=None, description="对话模型的地址；不填就不用模型")
    llm_model: str | None = Field(default=None, description="对话模型的名字")
    llm_api_key: SecretStr | None = Field(default=None, description="对话模型的密钥")
    llm_mode: Literal["auto", "always", "off"] = Field(
        default="auto", description="auto：台账和卡片答不了时才用模型；always：每个回答都用；off：不用"
    )
    llm_deadline: float = Field(default=8.0, gt=0, le=120, description="等模型几秒，过了就给程序自己写的回答")

    wechat_token: SecretStr | None = Field(default=None, description="公众号的令牌；不填就没有 /wechat")
    wechat_appid: str = Field(default="", description="公众号的AppID")
    wechat_aes_key: SecretStr | None = Field(default=None, description="公众号的消息加解密密钥；填了就只收密文")
    wechat_aes_key_old: SecretStr | None = Field(default=None, description="换密钥时，换下来的那一个")
    wechat_secret: SecretStr | None = Field(default=None, description="公众号的AppSecret；填了才发客服消息")
    wechat_api: str = Field(default="https://api.weixin.qq.com", description="微信服务器的地址")
    wecom_token: SecretStr | None = Field(default=None, description="企业微信应用的令牌；不填就没有 /wecom")
    wecom_corpid: str = Field(default="", description="企业微信的企业ID")
    wecom_aes_key: SecretStr | None = Field(default=None, description="企业微信应用的消息加解密密钥")
    wecom_bot_token: SecretStr | None = Field(default=None, description="智能机器人的令牌；不填就没有 /wecom/bot")
    wecom_bot_aes_key: SecretStr | None = Field(default=None, description="智能机器人的消息加解密密钥")
    chroma_url: str | None = Field(
        default=None, description="向量放在哪个Chroma服务器（http://…）；不填放在数据文件夹里"
    )
    state_url: SecretStr | None = Field(
        default=None, description="会话和消息去重放在哪个PostgreSQL（postgresql://…）；不填放在数据文件夹里"
    )
    api_keys: SecretStr | None = Field(
        default=None, description="接口的密钥，用逗号隔开；也可以写 sha256:十六进制摘要。不填就只答本机直接来的"
    )
    trusted_proxies: str = Field(default="", description="哪些代理转来的客户地址可信，用逗号隔开")
    frame_ancestors: str = Field(default="", description="哪些网站可以嵌入网页，用逗号或空格隔开")
    cors_origins: str = Field(default="", description="哪些网站的脚本可以调接口，用逗号隔开")

    def clock(self) -> date:
        """Today, or the date set in its place."""
        return self.today or date.today()


def listed(value: str) -> list[str]:
    """The parts of a setting that holds several, separated by commas or spaces."""
    return value.replace(",", " ").split()


def read_settings() -> Settings:
    """The settings in force. Raises InputError `bad_setting` naming what is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "KEPU_" + "_".join(str(p) for p in first["loc"]).upper()
        raise InputError("bad_setting", reason=f"{name}={first['input']!r}") from error
